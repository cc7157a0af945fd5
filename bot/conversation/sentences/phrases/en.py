"""What is understood in English. The notation is explained beside this module."""

from bot.conversation.sentences.phrases.book import Book, Wish

FILLERS = """
    unfortunately sadly just really now actually too also then so hi hey hello
    ok okay yes thanks sorry kindly
"""
LEADS = "on the at for of a an this next coming"
PLEASE = "please pls"
REASONS = "because since due"
UNTIL = "until till til through"

PARTS = {
    "want": """(i|we) (want|need|have|would like|wish) to|(id|wed) (like|love) to|(i|we) must
        |(can|could|may|shall|should) (i|we|you)|how (can|do|could) i|lets|let us|will you""",
    "the": "(the|our|my|this|that|a|your) [next]|next",
    "need": "i need|we need|need|im taking|i am taking|taking|id like",
    "session": "session|meeting|call|appointment|date|tandem session",
    "cannot": """cant|cannot|can not|couldnt|wont [be able to]|will not [be able to]
        |(im|am) not able to""",
    "iam": "im|i am|ill be|i will be|were|we are|am",
    "sick": "sick|ill|on sick leave|unwell",
    "away": """[going] on [a] (holiday|holidays|vacation|leave|parental leave|business trip)
        |travelling|traveling|out of office""",
    "gone": "away|off|busy|unavailable|not available|not here|not around|out of town",
    "move": "move|shift|push|reschedule|postpone|switch|change",
    "partner": "my (partner|tandem partner|tandem|mentor|mentee|match|buddy)",
    "mydata": "[all] [of] my [personal] (data|account|profile|information|info|details)",
    "profile": "profile|topics|times|availability|goal|goals|interests|answers|details|rhythm",
    "speak": "speak|talk|write|chat|switch|change|use|continue|do this",
    "break": "(break|pause|holiday|vacation|leave)",
}

SENTENCES = {
    Wish.REPORT: """
        [<want>] report (some*|him|her|them|(a|the|this) (person|user|member|incident)|<partner>
            |harassment|abuse)
        [<want>|i have] [make|file|submit] a complaint [about ...]
        complaint
        <want> complain about ...
        (i feel|im|i am|i was|ive been|i have been) [being] harassed [by ...]
        (he|she|hes|shes|he is|she is|someone is|<partner> is|<partner>|someone)
            (harassing|harasses|harassed) me
    """,
    Wish.DELETE: """
        [<want>] (delete|erase|remove|wipe) (<mydata>|me|everything [you know] about me)
        i want you to (delete|erase|remove|forget) (<mydata>|me|everything [you know] about me)
        i want <mydata> (deleted|erased|removed)
        (delete|erase) everything
        forget [everything about] me
    """,
    Wish.DATA: """
        what (do|did|have) you (know|store|stored|have|save|saved|collect) (about|on|of) me
        (what|which) (data|information) (do|have) you (have|store|stored|keep|collect)
            [(about|on) me]
        what do you store
        [<want>] (export|download|see|view|get|have|send me|show me|give me) [a copy of] <mydata>
    """,
    Wish.EXTRA: """
        [<want>] (meet|see each other|talk) [{to}] (as well|one more time|once more|more often)
            [{to}]
        [<want>|<need>] [add|have|plan|arrange] (an extra|one extra|an additional|one more|another)
            <session> [{to}]
        [<want>] add a <session> [{to}]
    """,
    Wish.MOVE: """
        [<want>] <move> [<the>] [{other}] [<session>|it] [from {other}|{other}] to {to}
        [<want>] <move> [<the>] [<session>|it] {day} to {time}
        [<want>] <move> [<the>] [<session>|it] to {time}
        [<want>] <move> (<the> <session>|{other}) [[by] {length}]
        [<want>] (move|shift|push|reschedule|postpone) [it] [by] {length}
        [<want>] (move|reschedule|postpone) it
        [<want>] (reschedule|postpone) [{to}]
        <want> (meet|do|see each other|talk|have <the> <session>) [instead] {to} [instead]
        (does|would|is) {to} (work|good|possible) [for you] [instead]
        (how|what) about {to} [instead]
        {moment} instead
        (meeting|session|meet) {moment}
    """,
    Wish.CANNOT_MEET: """
        [<iam> <sick> and] [i|we] <cannot> (make|make it|do|do it|attend|come|meet|join|be there)
            [to] [<the> <session>] {when} [{time}]
        [i|we] <cannot> (come|meet|make it|attend|join) [to] [<the> <session>]
        [i|we] <cannot> {when} [{time}]
        {when} [{time}] (doesnt|does not|wont|isnt|is not) (work|possible|good|suit) [for me|me]
        [<want>] cancel (<the> <session>|<session>|{when}) [{when}]
        (i|we) (have|need|must) [to] cancel
        {when} is (bad|difficult|impossible) for (me|us)
        <iam> (<sick>|<away>|<gone>) {day}
        i have no time {when}
        {day} <iam> (<sick>|<away>|<gone>)
        {when} i have no time
    """,
    Wish.RESUME: """
        [<iam>] back [again] [from (holiday|vacation|leave|<the> <break>)]
        [<want>] (end|stop|finish|cancel) <the> <break>
        <the> <break> (is|has) (over|ended)
        <iam> (well|healthy) again
        [<want>] (resume|unpause)
        <want> (continue|keep going|carry on)
    """,
    Wish.PAUSE: """
        [<want>|<need>] [take|have] [a|some] [short|little] (break|pause|time off) [{until}]
        [<want>|<need>] [take|have] [a] {length} (break|pause)
        [<want>] pause [me|us|my tandem|the tandem] [{until}]
        <iam> (<sick>|<away>|<gone>) {until}
        [<iam>] (<sick>|<away>) {until}
        <iam> (<sick>|<away>)
        <iam> back {day}
        [i|we] <cannot> (make it|meet|come) {until}
    """,
    Wish.END_TANDEM: """
        [<want>] (end|leave|quit|stop|dissolve) (my|our|the|this)
            (tandem|partnership|pairing|mentoring)
        i (want to|would like to) (stop|quit)
        id like to (stop|quit)
        i (dont|no longer) want to (continue|do this|take part) [anymore]
    """,
    Wish.NEXT_SESSION: """
        when (do|are|will|shall) we (meet|meeting|talk|talking) [next]
        (when|what time) (is|will be) <the> <session>
        (whens|when is) <the> <session>
        what time do we meet
        [show me] [my|our|the] next <session>
    """,
    Wish.PARTNER: """
        (who is|whos) <partner>
        who am i [paired|matched|together|in a tandem] with
        [whats|what is] my partners name
        how do i (reach|contact) <partner>
    """,
    Wish.GERMAN: """
        (german please|please german)
        [please] in german [please]
        [<want>] <speak> [in|to] german [with me]
        (do|can) you speak german
        (switch|change|set) [the] language to german
    """,
    Wish.ENGLISH: """
        (english please|please english)
        [please] in english [please]
        [<want>] <speak> [in|to] english [with me]
        (do|can) you speak english
        (switch|change|set) [the] language to english
    """,
    Wish.PROFILE: """
        [<want>] (change|edit|update|adjust) (my <profile>|profile)
        my <profile> [has|have] changed
    """,
    Wish.AGENDA: """
        (guide|lead|walk) (us|me) through [(the|our|this) <session>]
        show (us|me) the agenda
    """,
    Wish.HELP: """
        what can (you|i) do [here|for me]
        [(can|could) you] help [me]
        i need [some] help
        how does (this|it|this bot|the bot|the tandem) work
        what is this
        (who|what) are you
    """,
}

ENGLISH = Book(FILLERS, PLEASE, LEADS, REASONS, UNTIL, PARTS, SENTENCES)
