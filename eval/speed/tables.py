"""The sections of speed.md: headings, tables and notes."""

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from eval.speed.contenders.rivals import READING
from eval.speed.record import Record, Rows, Section, markdown

ANSWER, READ, SEARCH = "Citewell, whole answer", "Citewell, whole answer with its reader", "Citewell, search alone"

_RACE = {
    "": "{name}",
    "build, passages/s": "{build:,.0f}",
    "question p50 / p95, ms": "{p50:,.1f} / {p95:,.1f}",
    "of all cores, CPU-ms": "{cpu:,.0f}",
    "cold start, s": "{cold:,.2f}",
    "peak MB: build / one question": "{build_mb:,.0f} / {cold_mb:,.0f}",
    "recall@5": "{recall:.3f}",
}
_RATIOS = {
    "ours is so many times better than": "{name}",
    "build": "{build}",
    "whole answer, p50": "{p50}",
    "p95": "{p95}",
    "CPU": "{cpu}",
    "cold start": "{cold}",
    "peak memory of the build": "{build_mb}",
    "of one question": "{cold_mb}",
}
_PEAKS = ("build_mb", "cold_mb")
_CEILING = {
    "matrix products, fp32, GFLOP/s": "{f32:.0f}",
    "bf16, GFLOP/s": "{bf16:.0f}",
    "operations a token, MFLOP": "{mflop:.1f}",
    "limit at the best rate, passages/s": "{limit:.0f}",
    "reached, passages/s": "{rate:.0f}",
    "share": "{share:.0%}",
}
_KEYWORDS = {
    "engine": "{engine}",
    "build, s": "{build_s:.1f}",
    "memory of the build, MB": "{build_mb:,.0f}",
    "disk, MB": "{disk_mb:,.0f}",
    "open, ms": "{open_ms:.1f}",
    "memory after asking, MB: own / mapped": "{own_mb:,.0f} / {file_mb:,.0f}",
    "best 100, p50 / p95, ms": "{best[0]:.3f} / {best[1]:.3f}",
    "scores of 200 passages, p50 / p95, ms": "{scores[0]:.3f} / {scores[1]:.3f}",
}
_SCALING = {
    "passages": "{passages:,}",
    "vectors": "{vectors}",
    "build, s": "{load_s:,.1f}",
    "peak MB of the build": "{load_mb:,.0f}",
    "disk, MB": "{disk_mb:,.0f}",
    "open, s": "{open_s:.2f}",
    "memory, MB: own / mapped": "{own_mb:,.0f} / {file_mb:,.0f}",
    "answer p50 / p95, ms": "{answer[0]:.1f} / {answer[1]:.1f}",
    "search p50 / p95, ms": "{search[0]:.1f} / {search[1]:.1f}",
    "recall@10 by vectors": "{vectors_10:.4f}",
}
_LOAD = {
    "route": "{route}",
    "askers": "{askers}",
    "answers/s": "{throughput:.0f}",
    "p50 / p95, ms": "{p50:,.0f} / {p95:,.0f}",
    "503s": "{refused}",
    "failures": "{failures}",
    "health p95, ms": "{health_p95:,.0f}",
    "memory, MB: own / mapped": "{own_mb:,.0f} / {file_mb:,.0f}",
}
_SUGGESTIONS = {
    "titles": "{titles:,}",
    "headings": "{headings:,}",
    "reading them, s": "{read_s:.1f}",
    "keystroke p50 / p95 / most, ms": "{right[0]:.2f} / {right[1]:.2f} / {right_most:.1f}",
    "misspelt, p50 / p95 / most, ms": "{misspelt[0]:.2f} / {misspelt[1]:.2f} / {misspelt_most:.1f}",
}


def race_table(rows: Rows) -> str:
    """Medians of the rounds of all contenders, ratios to ours with their spread, and the reasons of failures."""
    contenders: Mapping[str, Mapping[str, Any]] = rows[-1]["contenders"]
    medians = [
        {name: median(own) if isinstance(own, list) and own else own or None for name, own in figures.items()}
        for figures in ({"name": name, **figures} for name, figures in contenders.items())
    ]
    parts = [markdown(_RACE, medians)]
    if plain := contenders.get(ANSWER):
        read = {**plain, **{part: value for part, value in contenders.get(READ, {}).items() if value}}
        ratios = [
            {"name": name, **_ratios(read if name in READING else plain, theirs)}
            for name, theirs in contenders.items()
            if name not in (ANSWER, READ, SEARCH)
        ]
        parts.append(markdown(_RATIOS, ratios))
    parts += [f"Not measured: {name} ({' '.join(reason.split())})." for name, reason in rows[-1]["failed"].items()]
    return "\n\n".join(parts)


def _ratios(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, str | None]:
    """How many times better ours is in each part; None where one of both has not measured it."""
    parts = ("p50", "p95", "cpu", "cold")  # results that were kept before processor time was have none
    return (
        {"build": times_better(theirs["build"], ours["build"])}
        | {part: times_better(ours.get(part, []), theirs.get(part, [])) for part in parts}
        | {part: times_better(*([each[part]] if each[part] else [] for each in (ours, theirs))) for part in _PEAKS}
    )


def times_better(low: Sequence[float], high: Sequence[float]) -> str | None:
    """`median × (least to greatest)` of the ratios, taken round by round: a slow round slows both. None without any."""
    ratios = [more / less for less, more in zip(low, high, strict=False)]
    spread = f" ({min(ratios):.1f} to {max(ratios):.1f})" if len(ratios) > 1 else ""
    return f"{median(ratios):.1f} ×{spread}" if ratios else None


SPEED = Record(
    "speed",
    "How fast it is",
    {
        "rivals": Section(
            "Beside other pipelines",
            (),
            race_table,
            """The same encoder for all, with each library's own defaults. Of the {passages:,} passages {articles}
            are those of `source_texts/`; the others are joined from their sentences in a seeded shuffle. Every
            contender is a process of its own, and while one works the others wait: {rounds} rounds of building,
            {turns} turns with {asked} questions in all, none of them asked before, {starts} cold starts with files in
            the page cache. Figures are medians; ratios are taken round by round and given with the least and the
            greatest. Ours builds from files, with sentence vectors and keywords, and writes durably; the others get
            passages already cut. A whole answer is decision, quotes and receipts included; theirs is a search for
            five. Pipelines that read order the best eight passages by a cross-encoder, or mark spans in them: with
            the weights of our own reader, 128 tokens at a time, and they are compared with our answer that was read;
            these are asked a third of the questions, also for their recall.
            Recall is that of the {questions} answerable questions that lean on no earlier one, over the {articles}
            passages alone.""",
        ),
        "ceiling": Section(
            "Against the processor's limit",
            (),
            partial(markdown, _CEILING),
            """Encoding {passages} passages of {tokens:.0f} tokens. The rates are the best of several runs of OpenVINO
            on all cores, with the shapes of the encoder's own matrices. The limit is that of the matrix products
            alone, without softmax, normalisation or memory.""",
        ),
        "keywords": Section(
            "Keyword search beside bm25s",
            ("engine",),
            partial(markdown, _KEYWORDS),
            """BM25 alone over {passages:,} synthetic passages, given as their tokens, with {questions} questions
            asked in turns. bm25s maps its files too (`mmap=True`); it scores all passages to score some. Memory of
            the build is its peak above that of a process that has imported everything. Scores of both differ by at
            most {score_difference:.0e}.""",
        ),
        "scaling": Section(
            "As the collection grows",
            ("passages",),
            partial(markdown, _SCALING),
            """Texts of a Zipf vocabulary made of the articles' words. Synthetic vectors are blends of real ones
            with noise; questions are always encoded by the real encoder. `own / mapped` is the memory of a process
            that has answered, encoder included: its own, and mapped from files. Recall is the share of the ten
            nearest passages, by comparing all vectors of the build, among ten candidates. 1,000,000 passages take
            long: `--sizes 1000000` asks for them.""",
        ),
        "suggestions": Section(
            "Suggestions while a question is typed",
            ("titles",),
            partial(markdown, _SUGGESTIONS),
            """The time in which the server finds what to suggest, over titles and headings of a Zipf vocabulary of
            200,000 words made of the articles' words: {keystrokes:,} keystrokes of titles that are typed a character
            at a time, as they are and with a letter left out. Reading comes once a build, in the background.""",
        ),
        "load": Section(
            "Under load",
            ("route", "askers"),
            partial(markdown, _LOAD),
            """Each asker waits for its answer before it asks again, and after a 503 as long as that says. The queue
            is as long as the application's default allows. The memory is that of the server after each line's
            requests, its own and mapped from files. Meanwhile `/healthz` is asked 20 times a second; an end other
            than 200 is a failure.""",
        ),
    },
)
