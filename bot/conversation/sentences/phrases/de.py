"""What is understood in German. The notation is explained beside this module."""

from bot.conversation.sentences.phrases.book import Book, Wish

FILLERS = """
    leider mal doch eigentlich gern gerne jetzt gerade einfach noch nochmal denn schon auch
    also erstmal hallo hi hey moin servus ok okay ja danke sorry wirklich sehr
"""
LEADS = """
    am an den dem der die das zum zur um für erst nächsten nächster kommenden kommender
    diesen dieser diesem
"""
REASONS = "weil wegen"
PLEASE = "bitte"
UNTIL = "bis"

PARTS = {
    "want": """ich (will|möchte|würde|muss|wollte)|wir (wollen|möchten|müssen)|lass* uns
        |(kann|könnte|darf|muss) ich|(können|könnten|wollen|sollen|müssen) wir
        |(kannst|könntest) du|wie (kann|könnte) ich""",
    "the": """(der|die|das|den|unser*|mein*|dies*|ein*) [nächste*|kommende*|heutige*]|nächste*""",
    "shallwe": "(können|könnten|wollen|sollen) wir|lass* uns",
    "need": "ich (brauche|bräuchte|mache|nehme mir|hätte)|wir (brauchen|machen)|brauche",
    "session": "treffen|termin|session|sitzung|gespräch|meeting|verabredung",
    "forme": "(bei|für) (mich|mir|uns)|mir|uns",
    "can": "kann|können|könnte|schaffe|schaff|schaffs|schaffen",
    "iam": "ich bin|bin|wir sind|bin ich",
    "have": "ich habe|ich hab|habe|hab|habe ich|hab ich|wir haben",
    "sick": "krank|krankgeschrieben|krank geschrieben",
    "away": "(im|in) (urlaub|ferien|elternzeit)|in den ferien|auf (dienstreise|reisen)|verreist",
    "gone": "nicht (da|verfügbar|erreichbar)|weg|abwesend|verhindert|unterwegs",
    "shift": "verschieben|verlegen|umlegen|vorverlegen|umplanen|schieben",
    "partner": """mein* [tandem] (partner*|tandempartner*|tandem|mentor*|mentee|match|gegenüber)""",
    "mydata": "[alle|all|sämtliche] mein* [persönlichen] (daten|account|konto|profil|angaben)",
    "erase": "löschen|entfernen|vernichten",
    "about": "(über|von|zu) (mich|mir)",
    "not": "nicht|nich|ned",
    "change": "ändern|anpassen|bearbeiten|aktualisieren|überarbeiten",
    "profile": "profil|themen|zeiten|angaben|ziel|ziele|interessen|verfügbarkeit|rhythmus",
    "speak": "sprechen|reden|schreiben|weitermachen|chatten",
}

SENTENCES = {
    Wish.REPORT: """
        [<want>] (jemand*|ein* (person|mitglied|nutzer*|vorfall)|<partner>|belästigung) melden
        <want> (ihn|sie|etwas) melden
        ich (will|möchte|muss) mich [...] beschweren
        [<want>|<have>] [ein*] beschwerde [einreichen|einlegen|machen]
        ich (fühle|fühl) mich [...] belästigt
        ich (werde|wurde) [...] belästigt
        (er|sie|jemand|<partner>) (belästigt mich|hat mich belästigt)
    """,
    Wish.DELETE: """
        [<want>] <mydata> [komplett|vollständig|wieder] <erase>
        [<want>] (account|konto|profil|mich|alles <about>) [komplett] <erase>
        (lösch*|entfern*) (<mydata>|mich|alles [<about>])
        [<want>] alles <erase>
        <want> alle daten <erase>
        ich (will|möchte) dass (du|ihr) (<mydata>|mich|alles <about>) (löschst|löscht|entfernt)
        vergiss (mich|alles <about>)
    """,
    Wish.DATA: """
        (welche|was für) (daten|informationen) (hast|speicherst|sammelst|habt|speichert|sammelt)
            (du|ihr) [alles] [<about>] [gespeichert]
        was (hast|weisst|speicherst|sammelst|habt|wisst|speichert) (du|ihr) [alles] <about>
            [alles] [gespeichert]
        was (speicherst|speichert|sammelst) (du|ihr) [alles]
        [<want>] <mydata> (herunterladen|runterladen|exportieren|sehen|ansehen|anschauen|einsehen)
        <want> <mydata> (haben|bekommen)
        (zeig|zeige|schick|schicke|gib|exportier|exportiere) [mir] <mydata>
        (datenexport|datenauskunft)
    """,
    Wish.EXTRA: """
        [<want>] [uns] [{to}] (zusätzlich|ausserdem|öfter) [{to}]
            (treffen|sehen|sprechen)
        [<want>] (zusätzlich|ausserdem) <session> [{to}] [ausmachen|einschieben]
        [<want>|<need>] (ein|einen) (zusätzlich*|weiter*) <session> [{to}]
            [machen|ausmachen|vereinbaren|vorschlagen|einschieben|hinzufügen]
        (zusätzlich*|weiter*) <session> [{to}]
        {to} zusätzlich
    """,
    Wish.MOVE: """
        [<want>] [<the>] [<session>|es|ihn] [(von|vom) {other}|{other}] [auf] {to} <shift>
        [<want>] [<the>] [<session>|es|ihn] [auf {time}|{length}] <shift>
        [<want>] [<the>] [<session>] {other} <shift>
        [<want>] [<the> <session>|es|ihn] (von|vom) {other} auf {to}
        (verschieb|verschiebe) [<the> <session>|es] [(von|vom) {other}] [auf {to}|auf {time}]
        [<want>] [uns] [<the>] <session> {moment}
        <shallwe> [uns] [lieber] {to} (treffen|sehen|sprechen)
            [stattdessen|statt {other}]
        <shallwe> [uns] [lieber] {moment}
        [lieber] {moment} treffen
        (geht|ginge|passt|klappt) [es] [dir|euch|bei dir] {moment}
        (lieber|besser|stattdessen) {moment}
        {moment} (stattdessen|statt {other})
    """,
    Wish.CANNOT_MEET: """
        [<iam> <sick> und] [ich|wir] <can> [ich|wir|es|das] {when} [{time}] <not>
            [kommen|dabei sein|zum <session>]
        {when} [{time}] <can> (ich|wir) [es] <not> [kommen|dabei sein]
        [ich|wir] <can> [es] [zum|zu unserem] [nächsten] [<session>] <not> (kommen|schaffen)
        {when} [{time}] (geht|passt|klappt) [es] [<forme>] <not> [<forme>]
        (es|mir) (geht|passt|klappt) [<forme>] {when} <not>
        {when} ist [es] [<forme>] (schlecht|ungünstig|unmöglich) [<forme>]
        (ich|wir) (komme|kommen) {when} <not>
        [<want>] [<the>] [<session>] [{when}] [{time}] (absagen|canceln|ausfallen lassen)
        [ich] (sag|sage) [<the> <session>] [{when}] ab
        <have> {when} keine zeit
        <iam> {day} (<sick>|<away>|<gone>)
        {when} <have> keine zeit
        {day} <iam> (<sick>|<away>|<gone>)
    """,
    Wish.RESUME: """
        [<want>] [<the>] (pause|urlaub) (beenden|aufheben|abbrechen)
        beende <the> pause
        [<the>] (pause|urlaub) [ist] (vorbei|zu ende)
        [<iam>] wieder (da|zurück|gesund|fit|dabei|verfügbar)
        <iam> (zurück|nicht mehr krank) [aus dem urlaub]
        [<want>|wir können|ich kann|es kann] [wieder] (weitermachen|weiter machen|weitergehen)
        weiter gehts
    """,
    Wish.PAUSE: """
        [<want>|<need>] [{until}] [ein*] [kurze|kleine] (pause|auszeit) [von] [{until}]
            [machen|einlegen|nehmen|haben]
        [<want>] [{until}] [kurz] pausieren [{until}]
        (ich|wir) (gehe|fahre|gehen|fahren) {until} in [den] urlaub
        [<iam>] {until} (<sick>|<away>|<gone>)
        {until} <iam> (<sick>|<away>|<gone>)
        [<iam>|<have>] (<sick>|<away>|<gone>|urlaub|ferien) {until}
        <iam> (<sick>|<away>)
        <have> [{until}] (urlaub|ferien)
        [<iam>] [ab] {day} wieder (da|zurück|dabei|verfügbar)
        [ich|wir] <can> [ich|wir] {until} <not>
        {until} <can> (ich|wir) <not>
        (<have> {until}|{until} <have>) keine zeit
    """,
    Wish.END_TANDEM: """
        [<want>] [das|unser|mein|dieses|die] (tandem|partnerschaft|mentoring)
            (beenden|verlassen|auflösen|abbrechen|kündigen)
        ich (will|möchte) [wieder] (aufhören|aussteigen)
        ich (höre|steige) (auf|aus)
        [<have>] keine lust mehr [auf (das|unser|mein) tandem]
        ich (will|möchte) nicht mehr (mitmachen|weitermachen|teilnehmen)
    """,
    Wish.NEXT_SESSION: """
        (wann|um wie viel uhr|um wieviel uhr) (treffen|sehen|sprechen) wir uns
            [wieder|nächstes mal|das nächste mal|als nächstes]
        wann ist [<the>] <session> [{other}]
        wann (habe|haben) (ich|wir) [<the>] <session>
        nächste* <session>
    """,
    Wish.PARTNER: """
        wer ist (<partner>|mir zugeteilt)
        wie heisst <partner>
        mit wem bin ich [in einem|im] (zusammen|tandem|gepaart|verbunden|gematcht)
        wie erreiche ich <partner>
    """,
    Wish.GERMAN: """
        (bitte deutsch|deutsch bitte)
        [bitte] auf deutsch [bitte]
        (sprich|rede|schreib|antworte) [mit mir] [auf] deutsch [mit mir]
        (sprichst|verstehst|kannst) du deutsch
        [<want>] [die sprache] auf deutsch (<speak>|umstellen|wechseln|ändern)
        (können wir|kannst du) deutsch <speak>
    """,
    Wish.ENGLISH: """
        (bitte englisch|englisch bitte)
        [bitte] auf englisch [bitte]
        (sprich|rede|schreib|antworte) [mit mir] [auf] englisch [mit mir]
        (sprichst|verstehst|kannst) du englisch
        [<want>] [die sprache] auf englisch (<speak>|umstellen|wechseln|ändern)
        (können wir|kannst du) englisch <speak>
    """,
    Wish.PROFILE: """
        [<want>] (mein* <profile>|profil) <change>
        [<want>] meine daten <change>
        mein* <profile> (hat|haben) sich geändert
        (änder|ändere|bearbeite|aktualisiere) mein* <profile>
    """,
    Wish.AGENDA: """
        (führ|führe) (uns|mich) durchs <session>
        (führ|führe) (uns|mich) durch (das|unser) <session>
        (zeig|zeige) (uns|mir) den ablauf
    """,
    Wish.HELP: """
        was kannst du [alles] [machen|tun]
        (hilf mir|hilfe)
        (kannst|könntest) du mir helfen
        (ich brauche|brauche) hilfe
        wie (funktioniert|geht) (das|es|der bot|das hier|dieser bot|das tandem|tandem)
        was (ist|macht) (das hier|der bot|dieser bot)
        (wer|was) bist du
        was (muss|kann) ich [hier] (tun|machen)
    """,
}

GERMAN = Book(FILLERS, PLEASE, LEADS, REASONS, UNTIL, PARTS, SENTENCES)
