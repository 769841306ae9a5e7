"""The figures as Markdown tables."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from eval.speed.ratios import Spread, spread, times_better

Result = Mapping[str, Any]

ANSWER, SEARCH = "Citewell, whole answer", "Citewell, search alone"

_PARTS = {"best": "best 100", "scores": "scores of 200 passages", "frequencies": "document frequencies"}


def race_table(result: Result) -> str:
    """All contenders: medians of the rounds, and how many times better ours is, with the spread over the rounds."""
    all_of = result["contenders"]
    ours = all_of.get(ANSWER)
    lines = [
        "| | build, passages/s | question p50 / p95, ms | cold start, s | peak MB: build / one question | recall@5 |",
        "|---|---|---|---|---|---|",
    ]
    for name, own in all_of.items():
        p50, p95 = (_median(own[part], 1) for part in ("p50", "p95"))
        build_mb, cold_mb = (_number(own[part], 0) for part in ("build_mb", "cold_mb"))
        cells = (_median(own["build"], 0), f"{p50} / {p95}", _median(own["cold"], 2), f"{build_mb} / {cold_mb}")
        lines.append(f"| {name} | {' | '.join(cells)} | {_number(own['recall'], 3)} |")
    lines += [f"| {name} | not measured: {_in_cell(reason)} | | | | |" for name, reason in result["failed"].items()]
    if not ours:
        return "\n".join(lines)
    lines += ["", *_ratio_lines(all_of, ours)]
    return "\n".join(lines)


def _ratio_lines(all_of: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    searching = all_of.get(SEARCH, {"p50": [], "p95": []})
    lines = [
        "| ours is so many times better than | build | whole answer, p50 | p95 | search alone, p50 | p95 | "
        "cold start | peak memory of the build | of one question |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, own in all_of.items():
        if name in (ANSWER, SEARCH):
            continue
        found = (
            times_better(ours["build"], own["build"], more_is_better=True),
            *(times_better(asking[part], own[part]) for asking in (ours, searching) for part in ("p50", "p95")),
            times_better(ours["cold"], own["cold"]),
        )
        cells = [*map(ratio, found), *(_less(ours[part], own[part]) for part in ("build_mb", "cold_mb"))]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def ratio(found: Spread | None) -> str:
    """`4.4 × (4.1 to 4.9)`."""
    return "–" if found is None else f"{found.median:.1f} × ({found.low:.1f} to {found.high:.1f})"


def _less(ours: float | None, theirs: float | None) -> str:
    return f"{theirs / ours:.1f} ×" if ours and theirs else "–"


def ceiling_table(result: Result) -> str:
    """The processor's matrix rates, what the encoder reaches of them, and where the rest of the time goes."""
    rates, reached = result["rates"], result["reached"]
    lines = ["| matrix products of | GFLOP/s, fp32 | GFLOP/s, bf16 |", "|---|---|---|"]
    lines += [f"| {name} | {_number(own['f32'], 0)} | {_number(own['bf16'], 0)} |" for name, own in rates.items()]
    lines += [
        "",
        f"| encoding {reached['passages']} passages of {reached['tokens']:.0f} tokens | |",
        "|---|---|",
        f"| operations a token | {reached['mflop']:.1f} MFLOP |",
        f"| limit at the best {reached['precision']} rate measured | {reached['limit']:.0f} passages/s |",
        f"| reached | {reached['rate']:.0f} passages/s, {reached['share']:.0%} of it |",
        "",
        "| where the time goes | share |",
        "|---|---|",
    ]
    lines += [f"| {name} | {share:.0%} |" for name, share in result["profile"].items()]
    return "\n".join(lines)


def keywords_table(result: Result) -> str:
    """Our BM25 beside the library's, and how many times as much the library takes."""
    ours, theirs = result["engines"]["ours"], result["engines"]["bm25s"]
    rows = [
        ("memory of the build, MB", ours["build_mb"], theirs["build_mb"], 0),
        ("build, s", ours["build_s"], theirs["build_s"], 1),
        ("disk, MB", ours["disk_mb"], theirs["disk_mb"], 0),
        ("open, ms", *(statistics.median(own["open_ms"]) for own in (ours, theirs)), 1),
        ("memory after asking, MB, own", ours["own_mb"], theirs["own_mb"], 0),
        ("mapped", ours["file_mb"], theirs["file_mb"], 0),
        *(
            (f"{words}, {name}, ms", ours[part][place], theirs[part][place], 3)
            for part, words in _PARTS.items()
            for place, name in enumerate(("p50", "p95"))
        ),
    ]
    lines = ["| | ours | bm25s | bm25s to ours |", "|---|---|---|---|"]
    lines += [f"| {name} | {a:,.{digits}f} | {b:,.{digits}f} | {b / a:.2f} × |" for name, a, b, digits in rows]
    return "\n".join(lines)


def scaling_table(rows: Sequence[Result]) -> str:
    """One line a size."""
    lines = [
        "| passages | vectors | build, s | peak MB of the build | disk, MB | open, s | memory, MB: own / mapped | "
        "answer p50 / p95, ms | search p50 / p95, ms | recall@10 of the vector leg |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"{row['passages']:,}",
            row["vectors"],
            f"{row['build_s']:,.1f}",
            f"{row['build_mb']:,.0f}",
            f"{row['disk_mb']:,.0f}",
            f"{row['open_s']:.2f}",
            f"{row['own_mb']:,.0f} / {row['file_mb']:,.0f}",
            f"{row['answer'][0]:.1f} / {row['answer'][1]:.1f}",
            f"{row['search'][0]:.1f} / {row['search'][1]:.1f}",
            f"{row['recall']:.4f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def load_table(rows: Sequence[Result]) -> str:
    """One line a route and number of askers."""
    lines = [
        "| route | askers | answers/s | p50 / p95, ms | 503s | failures | 503 p95, ms | health p95, ms | "
        "looks that failed | memory, MB: own / mapped |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        times = f"{_number(row['p50'], 0)} / {_number(row['p95'], 0)}"
        cells = (row["route"], row["askers"], f"{row['throughput']:.0f}", times, row["refused"], row["failures"])
        late = (_number(row["refused_p95"], 0), _number(row["health_p95"], 0), row["lost_looks"])
        held = f"{row['own_mb']:,.0f} / {row['file_mb']:,.0f}"
        lines.append(f"| {' | '.join(map(str, (*cells, *late, held)))} |")
    return "\n".join(lines)


def _median(values: Sequence[float], digits: int) -> str:
    found = spread(values)
    return _number(found.median if found else None, digits)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _in_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
