"""Command line of the index: `python -m index build|check|search|copy|join|info|verify|rollback`."""

import index.cli.memory  # noqa: F401 - before imports that need memory

# isort: split
import argparse
import dataclasses
import json
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.cli.arguments import parser
from index.cli.facets import facet_lines
from index.cli.places import programs_in, where_in
from index.cli.runner import ACT, OK, filters_of, leave, run
from index.encoder.model_files import identify
from index.errors import REBUILD, UserError
from index.ingestion.manifest import Manifest
from index.reading.access import ungrouped
from index.stores.address import pages_of
from index.stores.certificate import standing
from index.stores.location import BuildWork, Location

if TYPE_CHECKING:  # slow to import, and only needed for a build
    from index.ingestion.report import Report


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run(partial(parser, _COMMANDS), sys.argv[1:] if argv is None else argv)


def _build(arguments: argparse.Namespace) -> int:
    from index.ingestion.coverage import summary
    from index.ingestion.report import vector_sources_text

    identity = identify(arguments.model, arguments.question_prefix, arguments.passage_prefix)
    programs = programs_in(arguments)
    work = BuildWork(
        where_in(arguments, pages_of(arguments.index)),
        identity,
        max_file_bytes=int(arguments.max_file_mb * 1e6),
        force=arguments.force,
        wait=arguments.wait,
        show_progress=sys.stderr.isatty(),
        shard=arguments.shard,
        programs=programs,
    )
    report = _report(arguments, work)
    for problem in report.problems:
        print(f"{'not indexed' if problem.lost else 'note'}: {problem.file}: {problem.reason}", file=sys.stderr)
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    if report.ignored:
        print(f"note: files of other kinds passed over: {report.ignored}", file=sys.stderr)
    lost = sum(problem.lost for problem in report.problems)
    if arguments.json:
        _print_json({**dataclasses.asdict(report), "lost": lost})
    else:
        counts = report.counts
        state = "built" if report.changed else "is current:"
        size = f"{counts.articles} articles, {counts.passages:,} passages"
        print(f"{arguments.index} {state} {size} (build {report.build})")
        if sources := vector_sources_text(report.origins):
            print(sources)
        if report.coverage:
            print(summary(report.coverage))
    if lost:
        print(f"error: files not in the index: {lost}. Mend them and build again", file=sys.stderr)
    return ACT if lost and not arguments.skip_bad_files else OK


def _report(arguments: argparse.Namespace, work: BuildWork) -> "Report":
    """The report of a build by this process or by the workers of a cluster."""
    if not arguments.dask:
        if arguments.shards:
            raise UserError("--shards says how --dask divides a build. Add --dask ADDRESS, or give --shard I/N")
        from index.stores.unchanged import built

        return built(arguments.index, work)
    from index.stores.postgresql.cluster import build_on

    return build_on(arguments.dask, arguments.index, work, shards=arguments.shards)


def _copy(arguments: argparse.Namespace) -> int:
    from index.stores.copying import copy

    source, target = arguments.source, arguments.target
    counts = copy(source, target, force=arguments.force, show_progress=sys.stderr.isatty()).counts
    if arguments.json:
        _print_json({"from": str(source), "to": str(target), **dataclasses.asdict(counts)})
    else:
        print(f"{target} holds {counts.articles:,} articles, {counts.passages:,} passages of {source}")
    return OK


def _join(arguments: argparse.Namespace) -> int:
    coordinator, shards = arguments.coordinator, arguments.shards
    coordinator.join(shards, partial_answers=arguments.partial_answers)
    counts = coordinator.open().manifest.counts
    if arguments.json:
        joined = {"coordinator": str(coordinator), "shards": [*map(str, shards)]}
        _print_json({**joined, **dataclasses.asdict(counts)})
    else:
        held = f"{counts.articles:,} articles, {counts.passages:,} passages"
        print(f"{coordinator} joins {len(shards)} shards: {held}")
    return OK


def _check(arguments: argparse.Namespace) -> int:
    from index.encoder.encoder import load_encoder
    from index.ingestion.check import check_folder, table

    encoder, programs = load_encoder(identify(arguments.model)), programs_in(arguments)
    with tempfile.TemporaryDirectory(prefix="citewell-") as pages:  # a check writes nothing that stays
        where, most = where_in(arguments, Path(pages)), int(arguments.max_file_mb * 1e6)
        check = check_folder(where, encoder, max_file_bytes=most, programs=programs)
    if arguments.json:
        _print_json(check.to_json())
    else:
        print(*table(check), sep="\n")
    if not check.is_whole:
        print("error: text is lost. Mend what is named above", file=sys.stderr)
    return OK if check.is_whole else ACT


def _search(arguments: argparse.Namespace) -> int:
    from index.cli.hits import hit_fields
    from index.search.models import chosen_models
    from index.search.questions.question import Question
    from index.search.reranker import RERANKED
    from index.search.searcher import Searcher

    searcher = Searcher.open(arguments.index.open()).with_models(chosen_models(arguments.reader, arguments.reranker))
    question = Question(arguments.question)
    hits = searcher.search(question, arguments.k, filters=filters_of(arguments))
    passages = [hit.passage for hit in hits] if arguments.why else []
    whys = {p.id: searcher.explain(question, p.article.id, p.start, p.end) for p in passages}
    if arguments.json:
        more = {"reranker": arguments.reranker} if arguments.reranker else {}
        why = {name: {"why": explanation.to_json()} for name, explanation in whys.items()}
        _print_json([{**hit_fields(hit), **more, **why.get(hit.passage.id, {})} for hit in hits])
        return OK
    if arguments.reranker:
        print(f"note: the best {RERANKED} are in the order of {arguments.reranker}", file=sys.stderr)
    for rank, hit in enumerate(hits, 1):
        passage, (start, end) = hit.passage, hit.best_sentence
        print(f"{rank}. {passage.article.title}  [{passage.id}]  score {hit.score:.3f}")
        print(f"   » {' '.join(passage.article.text[start:end].split())}")
        print(f"   {' '.join(passage.text.split())}")
        print(*(f"   {line}" for line in (whys[passage.id].lines() if arguments.why else ())), "", sep="\n")
    return OK


def _info(arguments: argparse.Namespace) -> int:
    location: Location = arguments.index
    store = location.open()
    manifest = store.manifest
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
    certified = standing(location, manifest.identity, store.articles)
    kept = [_kept_fields(*build, live=not number) for number, build in enumerate(location.builds())]
    fields = {
        "build": kept[0]["build"] if kept else manifest.name,
        "folder": manifest.folder,
        "articles": manifest.counts.articles,
        "ungrouped": ungrouped(store.articles),
        "passages": manifest.counts.passages,
        "sentences": manifest.counts.sentences,
        "encoder": manifest.identity.model,
        "weights_sha256": manifest.identity.weights,
        "dimension": manifest.dimension,
        "vectors": manifest.vectors,
        "keywords": location.keywords(),
        "bytes": location.bytes(),
        "created": manifest.created,
        "age_seconds": int(age.total_seconds()),
    }
    if arguments.json:
        certificate = certified and certified.to_json()
        _print_json({**fields, "certificate": certificate, "facets": store.facets.to_json(), "kept": kept})
        return OK
    for name, value in fields.items():
        print(f"{name:<15} {value:,}" if isinstance(value, int) else f"{name:<15} {value}".replace("\n", ", "))
    print(f"{'certificate':<15} {certified or 'none. Make one: python -m eval calibrate'}")
    print(*facet_lines(store.facets), sep="\n")
    for build in kept:
        state = "live" if build["live"] else "rollback makes it the live one"
        print(f"{'kept':<15} {build['build']} of {build['created']}, {build['passages']:,} passages ({state})")
    return OK


def _kept_fields(name: str, manifest: Manifest, *, live: bool) -> dict[str, Any]:
    counts = {"articles": manifest.counts.articles, "passages": manifest.counts.passages}
    return {"build": name, "live": live, "created": manifest.created, **counts}


def _rollback(arguments: argparse.Namespace) -> int:
    build, before = arguments.index.roll_back()
    fields = {**_kept_fields(*build, live=True), "before": before}
    if arguments.json:
        _print_json(fields)
    else:
        print(
            f"{arguments.index} is back at build {fields['build']} of {fields['created']}: "
            f"{fields['articles']:,} articles, {fields['passages']:,} passages (build {before} is kept)"
        )
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from index.reader.reader_file import load_weights

    name, damaged = arguments.index.verify()
    print(*(f"error: {file}\n" for file in damaged), sep="", end="", file=sys.stderr)
    if damaged:
        print(f"error: build {name} is damaged. {REBUILD} --force", file=sys.stderr)
        return ACT
    load_weights()
    print(f"build {name}: all of it is as it was written, and so is the reader")
    return OK


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


_FUNCTIONS = _build, _check, _search, _copy, _join, _info, _verify, _rollback
_COMMANDS = {function.__name__[1:]: function for function in _FUNCTIONS}


if __name__ == "__main__":
    ended = main()
    if sys.argv[1:2] == ["search"]:
        leave(ended)
    sys.exit(ended)
