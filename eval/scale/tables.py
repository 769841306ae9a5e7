"""The figures as Markdown tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.scale.growth import DATABASE, FOLDER

Row = Mapping[str, Any]

_STORES = (FOLDER, DATABASE)
_BEYOND = (1, 10, 100)  # million passages


def stores_table(rows: Sequence[Row]) -> str:
    """One line for each size and store."""
    lines = [
        "| passages | store | filled in, s (of that indexes) | disk, MB (of that indexes) | opened in, s | "
        "who asks holds, MB: own / mapped | the server holds, MB | search p50 / p95, ms | "
        "best ten found of 10 asked for: by vectors / by words | of 100 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"{row['passages']:,}",
            row["store"],
            _of_that(row["load_s"], row.get("index_s")),
            _of_that(row["disk_mb"], row.get("indexes_mb")),
            f"{row['open_s']:.2f}",
            f"{row['own_mb']:,.0f} / {row['file_mb']:,.0f}",
            _number(row.get("server_mb")),
            f"{row['search'][0]:.1f} / {row['search'][1]:.1f}",
            *(f"{row[f'vectors_{limit}']:.3f} / {row[f'words_{limit}']:.3f}" for limit in (10, 100)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def workers_table(rows: Sequence[Row]) -> str:
    """One line for each index and number of workers."""
    lines = [
        "| index | passages | workers | one worker, MB: own / shared | what starts them, MB | all together, MB | "
        "answers/s | p50 / p95, ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            row["index"],
            f"{row['passages']:,}",
            str(row["workers"]),
            f"{row['own_mb']:,.0f} / {row['shared_mb']:,.0f}",
            _number(row["beside_mb"]),
            _number(row["all_mb"]),
            _number(row["throughput"]),
            f"{_number(row['p50'])} / {_number(row['p95'])}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def beyond_table(rows: Sequence[Row]) -> str:
    """Disk and memory of more passages than were measured, in proportion to the largest collection that was."""
    lines = [
        f"| | {' | '.join(f'{million} million' for million in _BEYOND)} |",
        f"|---|{'---|' * len(_BEYOND)}",
    ]
    for store in _STORES:
        measured = [row for row in rows if row["store"] == store]
        if not measured:
            continue
        last = max(measured, key=lambda row: int(row["passages"]))
        kept = last["grown_file_mb"] if store == FOLDER else last["indexes_mb"]
        what = "mapped by searches" if store == FOLDER else "indexes, best kept in memory"
        own = ("each process's own", last["grown_own_mb"])
        for name, megabytes in (("disk", last["disk_mb"]), (what, kept), own):
            each = (megabytes / last["passages"] * million * 1e6 for million in _BEYOND)
            cells = " | ".join(f"{total / 1000:,.1f}" for total in each)
            lines.append(f"| {store}, of {last['passages']:,} measured: {name}, GB | {cells} |")
    return "\n".join(lines)


def _of_that(whole: float, part: float | None) -> str:
    return f"{whole:,.0f}" if part is None else f"{whole:,.0f} ({part:,.0f})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
