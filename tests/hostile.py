"""What nobody should write, and somebody will: a list of the worst, and as many more as wanted."""

from functools import cache
from random import Random
from typing import Final

MARKUP: Final = r"""
<b>
</b>
<b><i>x</b></i>
<a href='x'>
<a href="javascript:alert(1)">x</a>
<script>alert(1)</script>
<img src=x onerror=alert(1)>
<!--
<![CDATA[
<
>
"
'
" onclick="x
&
&amp;
&lt;b&gt;
&#60;b&#62;
&#x202e;
&nbsp;
&x
<!channel>
<!here>
<!everyone>
<!subteam^S123>
<!date^0^{date}|x>
<@U123ABC>
<#C123ABC>
<https://evil.example|x>
<mailto:a@b.example|x>
<tel:112>
<x|y>
|
*b*
_i_
~s~
`c`
```
*_~`
* x
# x
> x
- x
1. x
---
[x](http://y)
](http://evil.example)
![x](http://evil.example/x.png)
<http://y>
\
\*
{{ 7*7 }}
{% raw %}
{#
{{ self }}
%s %d
{0.__class__}
${x}
$(x)
@everyone
@channel
@ana
#tag
/ende
tg://user?id=1
tg://resolve?domain=x
javascript:alert(1)
data:text/html,<b>x
https://evil.example/?a=1&b=<c>
x@y.example
=1+1
+1
-1
@SUM(A1)
=HYPERLINK('x')
a,b;c
a"b
x;y,z\n
'; DROP TABLE member; --
../../etc/passwd
%00
0
None
null
ß
ẞ
İ
ﬁ
ﷺ
שלום
مرحبا بالعالم
👩‍👩‍👧‍👦
🏳️‍🌈
👍🏽
""".strip().splitlines()
UNSEEN: Final = (
    *("\t=1", "x\r\nBEGIN:VEVENT", "x\nATTENDEE:mailto:a@b", "x\r\ny", "x\n\n\n\ny", "\n"),
    *("\u2028x", "a\u202eb", "\u2066x\u2069", "\u200b", "a\u200bb", "\u200d", "\ufeffx", "\u00ad"),
    *("x\x00y", "\x07", "\x1b[31m", "\ud800", "x\udfffy", "a" + "\u0301" * 50, "  ", " x ", "\xa0"),
    *("😀" * 40, "x" * 400, "ß" * 400, "x" * 60 + " " + "y" * 60),
)
NASTY: Final = (*MARKUP, *UNSEEN)
SIGNS: Final = "<>&\"'*_~`|\\@#!/:;=+-[](){}%$.^, \n\t\r\u200b\u202e\u2028\x00aZß👍\u0301"
HIGHEST: Final = 0x30000
"""Behind it Unicode has few signs, and they have no other nature."""


@cache
def texts(count: int) -> tuple[str, ...]:
    """As many of the list, or all and more made of it and its signs; the same ones every time."""
    dice = Random(8)  # noqa: S311 -- the same every time, as it should be
    return (*NASTY, *(_text(dice) for _ in range(count)))[:count]


def _text(dice: Random) -> str:
    if dice.randrange(2):
        return "".join(dice.choices(NASTY, k=dice.randint(1, 4)))
    signs = [*SIGNS, *(chr(dice.randrange(ord(" "), HIGHEST)) for _ in range(8))]
    return "".join(dice.choices(signs, k=dice.randint(1, 60)))
