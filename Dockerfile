# Tandem in a container. The first stage installs exactly what requirements.lock pins, by hash, and
# only what comes built; the second has neither pip nor build tools of ours in it.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /build
RUN python -m venv --without-pip /opt/tandem
COPY requirements.lock ./
RUN pip --python /opt/tandem/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY adapters adapters
COPY bot bot
COPY scheduler scheduler
COPY templates templates
RUN pip --python /opt/tandem/bin/python install --no-deps --no-build-isolation . \
    && pip --python /opt/tandem/bin/python uninstall --yes \
        hatchling pathspec pluggy tomlkit trove-classifiers

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tandem \
    && install --directory --owner tandem --group tandem --mode 700 /data
COPY --from=build /opt/tandem /opt/tandem
ENV PATH=/opt/tandem/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/tandem.db \
    TANDEM_KEY_FILE=/data/tandem.key \
    TANDEM_LISTEN=0.0.0.0:8081 \
    TANDEM_METRICS=127.0.0.1:9464
WORKDIR /data
VOLUME /data
USER tandem
EXPOSE 8081
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["tandem"]
CMD ["run"]
