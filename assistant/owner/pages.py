"""The owner's pages as HTML. Everything that comes from documents, readers and file names is escaped here."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode

from assistant.contents.conflicting import Conflict
from assistant.contents.statements import Statement
from assistant.missing import is_missing
from assistant.owner.adding import adding
from assistant.owner.conflicts import Looked
from assistant.owner.curation import Curation, Work
from assistant.owner.insight import Group, Use
from assistant.store import Feedback
from assistant.web.show import attributes, place, show
from corpus import Document, Passage, Refused, split
from corpus.remarks import remarks
from corpus.sources import FILE_NAME
from corpus.unpacking import file_of
from index.history import Version

PER_PAGE = 100
MOST_SHOWN = 200
MOST_CONFLICTS = 50
NONE = '<p class="soft">None so far.</p>'
DONE = {
    "uploaded": "Kept. The documents are being read.",
    "removed": "Removed. The documents are being read.",
    "forgotten": "What is missing there will not answer any more. The documents are being read.",
    "rebuilding": "The documents are being read.",
    "rolled-back": "The version you chose answers from now on.",
}
_PLACES = (
    ("./", "Documents"),
    ("questions", "Questions"),
    ("use", "Use"),
    ("conflicts", "Conflicts"),
    ("versions", "Versions"),
)


def documents(curation: Curation, done: str = "", faults: Sequence[str] = ()) -> str:
    """The documents, the files that were left out, uploads and the rebuild."""
    told = "".join(f"<p>{show(fault)}</p>" for fault in faults)
    said = f'<div class="wrong" role="alert">{told}</div>' if faults else ""
    if done in DONE:
        said += f'<p class="done" role="status">{DONE[done]}</p>'
    counts = curation.passages()
    rows = "".join(_document_row(curation, document, counts.get(document.name, 0)) for document in curation.documents)
    missing = "".join(_missing(refused) for refused in curation.refused if is_missing(refused))
    others = [refused for refused in curation.refused if not is_missing(refused)]
    refused = "".join(_refused_row(curation, refused.path, refused.reason) for refused in others)
    left_out = (
        "<h2>Left out</h2><p>These files, as they are now, are not answered from, and why.</p>"
        + _table("Files left out", ("File", "Reason", "Remove"), refused)
        if refused
        else ""
    )
    table = (
        _table("Documents", ("Document", "Sections", "Passages", "Remove"), rows)
        if rows
        else '<p class="soft">The documents are still being read.</p>'
    )
    return _page(
        "Documents",
        "./",
        f"{said}{missing}{_work(curation.work)}{adding(curation, _remove)}<h2>Answered from</h2>{table}{left_out}"
        '<h2>Download</h2><p><a class="button" href="download">All documents and tables (zip)</a></p>',
    )


def _document_row(curation: Curation, document: Document, passages: int) -> str:
    link = attributes(href=f"document?{urlencode({'name': document.name})}")
    return (
        f"<tr><td><a{link}>{show(document.title)}</a><span class='name'>{show(document.name)}</span>"
        f"{_remarks(document)}</td><td>{len(document.sections):,}</td><td>{passages:,}</td>"
        f"<td>{_remove(curation, document.path, document.title)}</td></tr>"
    )


def _remarks(document: Document) -> str:
    lines = "".join(f"<li>{show(remark)}</li>" for remark in remarks(document))
    return f'<ul class="remarks" aria-label="What to know of it">{lines}</ul>' if lines else ""


def _refused_row(curation: Curation, path: str, reason: str) -> str:
    name = curation.named(path)
    # What it says of other documents holds, and would go with it.
    said = Path(path).name == FILE_NAME
    remove = '<span class="soft">mend it instead</span>' if said else _remove(curation, path, name)
    return f"<tr><td>{show(name)}</td><td>{show(reason)}</td><td>{remove}</td></tr>"


def _missing(refused: Refused) -> str:
    """That a folder has lost its documents, and the button that says it was meant."""
    return (
        f'<div class="wrong" role="alert"><p>{show(refused.path)} {show(refused.reason)}</p>'
        f'<form method="post" action="forget"><input type="hidden" name="path"{attributes(value=refused.path)} />'
        "<button>They were removed on purpose</button></form></div>"
    )


def _remove(curation: Curation, path: str, name: str) -> str:
    held = str(file_of(Path(path)))
    if held != path:
        path, name = held, f"{Path(held).name} and all that is in it"
    if not curation.removable(path):
        return '<span class="soft">not here</span>'
    return (
        f'<details class="sure"><summary{attributes(aria_label=f"Remove {name}")}>Remove</summary>'
        f'<form method="post" action="remove"><input type="hidden" name="path"{attributes(value=path)} />'
        f"<button{attributes(aria_label=f'Yes, remove {name}')}>Yes, remove {show(Path(path).name)}</button></form>"
        "</details>"
    )


def _work(work: Work) -> str:
    busy = attributes(data_running="" if work.running else None)
    state = show(work.line) if work.line else "The documents are looked at again and again; what changed is read."
    kind = ' class="wrong"' if work.failed and not work.running else ""
    known = attributes(max=str(work.total), value=str(work.done)) if work.running and work.total else " hidden"
    problem = f'<p class="wrong" role="alert">{show(work.problem)}</p>' if work.problem else ""
    return (
        f'{problem}<section id="work"{busy} aria-label="Reading the documents">'
        f'<p id="line" role="status"{kind}>{state}</p>'
        f'<progress id="done" aria-label="Texts embedded"{known}></progress>'
        '<form method="post" action="rebuild"><button>Read the documents again</button></form></section>'
    )


def versions(there: Sequence[Version], work: Work, faults: Sequence[str] = ()) -> str:
    """The versions of the index on disk and going back to one."""
    said = "".join(f'<div class="wrong" role="alert">{show(fault)}</div>' for fault in faults)
    rows = "".join(_version_row(version) for version in there)
    problem = f'<p class="wrong" role="alert">{show(work.problem)}</p>' if work.problem else ""
    return _page(
        "Versions",
        "versions",
        f"{said}{problem}<p>Each time the documents are read and something has changed, a version is made. One that is"
        " gone back to answers, whatever the documents say, until they are read again.</p>"
        + (_table("Versions", ("Made", "Documents", "Passages", "State"), rows) if rows else NONE),
    )


def _version_row(version: Version) -> str:
    made = version.created.replace("T", " ").replace("+00:00", " UTC") or version.name
    names = "".join(f"<li>{show(name)}</li>" for name in version.documents[:MOST_SHOWN])
    more = len(version.documents) - MOST_SHOWN
    listed = (
        f"<details><summary{attributes(aria_label=f'Documents of {made}')}>{len(version.documents):,}</summary>"
        f"<ul>{names}</ul>{f'<p>and {more:,} more</p>' if more > 0 else ''}</details>"
        if names
        else ""
    )
    if version.problem:
        state = f"Cannot serve: {show(version.problem)}"
    elif version.current:
        state = "Answers now" + (", held" if version.held else "")
    else:
        state = (
            '<form method="post" action="roll-back"><input type="hidden" name="version"'
            f"{attributes(value=version.name)} /><button{attributes(aria_label=f'Go back to {made}')}>"
            "Go back to it</button></form>"
        )
    return (
        f"<tr><td>{show(made)}<span class='name'>{show(version.name)}</span></td><td>{listed}</td>"
        f"<td>{version.passages:,}</td><td>{state}</td></tr>"
    )


def document(document: Document, begin: int = 0) -> str:
    """How a document was read and split, from passage number ``begin``."""
    source = document.source
    facts = [
        ("File", document.name),
        ("Date", source.date.isoformat() if source.date else ""),
        ("Author", source.author),
        ("Origin", source.origin),
        ("Language", source.language),
        ("Precedence", str(source.precedence) if source.precedence else ""),
        ("Pages", str(len(document.pages)) if document.pages else ""),
        ("Characters", f"{len(document.text):,}"),
    ]
    told = "".join(f"<dt>{name}</dt><dd>{show(value)}</dd>" for name, value in facts if value)
    passages = split(document)
    begin = min(begin, max(0, len(passages) - 1)) // PER_PAGE * PER_PAGE
    shown = passages[begin : begin + PER_PAGE]
    groups = "".join(
        f"<h3>{show(' › '.join(path)) if path else 'Before the first heading'}</h3>"
        + "".join(_passage(passage) for passage in among)
        for path, among in groupby(shown, key=lambda passage: passage.path)
    )
    sections = "".join(
        f"<tr><td>{show(' › '.join(section.path)) if section.path else 'Before the first heading'}</td>"
        f"<td>{section.start:,}–{section.end:,}</td></tr>"
        for section in document.sections[:MOST_SHOWN]
    )
    more = len(document.sections) - MOST_SHOWN
    return _page(
        document.title,
        "./",
        f'<p><a href="./">All documents</a></p><dl class="facts">{told}</dl>{_remarks(document)}'
        f"<details><summary>Sections ({len(document.sections):,})</summary>"
        f"{_table('Sections', ('Section', 'Characters'), sections)}"
        f"{f'<p>and {more:,} more</p>' if more > 0 else ''}</details>"
        f"<h2>Passages</h2><p>What is searched and cited as a whole, with its place in the text, in characters.</p>"
        f"{groups}{_steps(document.name, begin, len(passages))}",
    )


def _passage(passage: Passage) -> str:
    page = f", page {passage.page}" if passage.page is not None else ""
    return (
        f'<figure class="passage"><figcaption>{passage.start:,}–{passage.end:,}{page}</figcaption>'
        f"<pre>{escape(passage.text)}</pre></figure>"
    )


def _steps(name: str, begin: int, count: int) -> str:
    if count <= PER_PAGE:
        return ""
    links = [
        f"<a{attributes(href='document?' + urlencode({'name': name, 'from': at}))}>{label}</a>"
        for at, label in ((begin - PER_PAGE, "Previous passages"), (begin + PER_PAGE, "Next passages"))
        if 0 <= at < count
    ]
    return (
        f'<nav class="steps" aria-label="Passages"><span>{begin + 1:,}–{min(count, begin + PER_PAGE):,} of {count:,}'
        f"</span> {' '.join(links)}</nav>"
    )


def questions(groups: Sequence[Group], disliked: Sequence[Feedback], nearest: Callable[[str], tuple[str, ...]]) -> str:
    """What the guidance did not answer, and the answers that readers disliked."""
    unanswered = "".join(_group(group, nearest) for group in groups[:MOST_SHOWN])
    verdicts = "".join(_verdict(verdict) for verdict in list(disliked)[::-1][:MOST_SHOWN])
    return _page(
        "Questions",
        "questions",
        "<h2>Without an answer</h2><p>Questions that the guidance did not answer, or not whole. Those that ask about "
        "the same stand together, the most asked first.</p>"
        f"{_cards(unanswered)}"
        "<h2>Disliked</h2><p>Answers that readers found wanting, the latest first, with their reasons.</p>"
        f"{_cards(verdicts)}",
    )


def _cards(items: str) -> str:
    return f'<ol class="cards">{items}</ol>' if items else NONE


def _group(group: Group, nearest: Callable[[str], tuple[str, ...]]) -> str:
    first, *others = group.questions
    also = "".join(f"<li>{show(asked.text)} {_times(asked.times)}</li>" for asked in others[:20])
    near = "; ".join(nearest(first.text))
    return (
        f'<li class="card"><h3>{show(first.text)}</h3>'
        f"<p class='soft'>{_times(group.times)}, last on {show(group.last[:10])}"
        f"{', answered in part' if first.partly else ''}</p>"
        f"{f'<ul>{also}</ul>' if also else ''}"
        f"{f'<p>Nearest: {show(near)}</p>' if near else '<p>No document comes near.</p>'}</li>"
    )


def _times(times: int) -> str:
    return "asked once" if times == 1 else f"asked {times:,} times"


def _verdict(verdict: Feedback) -> str:
    answer = verdict.answer
    text = answer.text or (answer.refusal.reason if answer.refusal else "")
    cited = dict.fromkeys(
        place(citation.title, citation.section, citation.page)
        for sentence in answer.sentences
        for citation in sentence.citations
    )
    sources = "".join(f"<li>{show(source)}</li>" for source in list(cited)[:10])
    return (
        f'<li class="card"><h3>{show(verdict.question)}</h3>'
        f"<p class='reason'>{show(verdict.reason) if verdict.reason else 'No reason given'}</p>"
        f"<p class='soft'>{show(verdict.given[:10])}</p><details><summary>The answer</summary>"
        f"<p>{show(text) if text else 'No text'}</p>{f'<ul>{sources}</ul>' if sources else ''}</details></li>"
    )


def use(found: Sequence[Use], answers: int) -> str:
    """How many answers cite each section; those that none does come first."""
    never = [use for use in found if not use.citations]
    cited = sorted((use for use in found if use.citations), key=lambda use: -use.citations)
    lists = "".join(
        f"<h3>{show(title)}</h3><ul>{''.join(f'<li>{show(_path(part.place.section))}</li>' for part in parts)}</ul>"
        for title, parts in groupby(never[:MOST_SHOWN], key=lambda part: part.place.title)
    )
    rows = "".join(
        f"<tr><td>{show(place(part.place.title, part.place.section))}</td><td>{part.citations:,}</td></tr>"
        for part in cited[:MOST_SHOWN]
    )
    counted = "1 answer that is kept" if answers == 1 else f"the {answers:,} latest answers that are kept"
    return _page(
        "Use",
        "use",
        f"<p>Counted in {counted}. {len(never):,} of {len(found):,} sections were never cited.</p>"
        f"<h2>Never cited</h2>{lists or NONE}<h2>Cited</h2>"
        + (_table("Cited sections", ("Section", "Answers"), rows) if rows else NONE),
    )


def conflicts(looked: Looked) -> str:
    """Pairs of statements from different documents that cannot both hold, with which takes precedence and why."""
    if looked.failed:
        told = '<p class="wrong" role="alert">They could not be looked for; the terminal says why.</p>'
    elif looked.found is None:
        told = (
            '<p id="again" class="done" role="status">The documents are being compared while nobody asks.</p>'
            '<p><a class="button" href="conflicts">Look again</a></p>'
        )
    else:
        found = looked.found
        seen = f"{found.statements:,} short, whole sentences were compared with those of other documents."
        if found.statements < found.there or found.left:
            seen = (
                f"Only a part was compared: {found.statements:,} of {found.there:,} short, whole sentences, and "
                f"{found.left:,} pairs of them that have words in common were left."
            )
        shown = "".join(_conflict(conflict) for conflict in found.conflicts[:MOST_CONFLICTS])
        more = len(found.conflicts) - MOST_CONFLICTS
        told = f"<p>{seen}</p>{_cards(shown)}" + (f"<p>and {more:,} more</p>" if more > 0 else "")
    return _page(
        "Conflicts",
        "conflicts",
        "<p>Statements of two documents that seem to disagree: another number, a denial, “must” against “may”. Answers"
        " quote both and say which takes precedence. Most real conflicts may be missing here, and what is listed may"
        f" be none: read both.</p>{told}",
    )


def _conflict(conflict: Conflict) -> str:
    first, second = conflict.first.passage, conflict.second.passage
    if conflict.why:
        holds = f"“{first.title}” takes precedence, since {conflict.why}."
    else:
        holds = "Nothing says which takes precedence: rank them in sources.toml, or date them."
    return (
        f'<li class="card"><h3>{show(first.title)} and {show(second.title)}</h3><p class="reason">{show(holds)}</p>'
        f"{_quote(conflict.first)}{_quote(conflict.second)}</li>"
    )


def _quote(statement: Statement) -> str:
    passage = statement.passage
    link = attributes(href=f"document?{urlencode({'name': passage.document})}")
    where = place(passage.title, passage.section, passage.page)
    return (
        f"<blockquote><p>{show(' '.join(statement.text.split()))}</p>"
        f"<footer><a{link}>{show(where)}</a></footer></blockquote>"
    )


def nothing(line: str) -> str:
    """A page that only says why there is nothing on it."""
    return _page("Content", "", f'<p role="alert">{show(line)}</p>')


def _table(name: str, heads: Sequence[str], rows: str) -> str:
    """A table that scrolls by itself, also by keyboard, where the screen is too narrow for it."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table>'
        f"<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _page(title: str, here: str, body: str) -> str:
    links = "".join(
        f'<li><a href="{address}"{attributes(aria_current="page" if address == here else None)}>{name}</a></li>'
        for address, name in _PLACES
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8" />'
        f'<meta name="viewport" content="width=device-width" /><meta name="color-scheme" content="light dark" />'
        f"<title>{show(title)}: Strategy Assistant</title>"
        '<link rel="icon" type="image/svg+xml" href="../window/static/mark.svg" />'
        '<link rel="stylesheet" href="../window/static/owner.css" /></head><body>'
        '<a class="skip" href="#main">Skip to the content</a><header><p class="brand">Strategy Assistant</p>'
        f'<nav aria-label="Content"><ul>{links}<li><a href="../">Window</a></li></ul></nav></header>'
        f'<main id="main"><h1>{show(title)}</h1>{body}</main>'
        '<script src="../window/static/owner.js"></script></body></html>'
    )


def _path(section: str) -> str:
    return section.replace(" > ", " › ")
