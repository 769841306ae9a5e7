"""The sections of scale.md: headings, tables and notes."""

from functools import partial

from eval.speed.record import Record, Section, markdown

_STORES = {
    "passages": "{passages:,}",
    "store": "{store}",
    "filled in, s": "{load_s:,.0f}",
    "disk, MB": "{disk_mb:,.0f}",
    "of that indexes": "{indexes_mb:,.0f}",
    "opened in, s": "{open_s:.2f}",
    "who asks holds, MB: own / mapped": "{own_mb:,.0f} / {file_mb:,.0f}",
    "the server holds, MB": "{server_mb:,.0f}",
    "search p50 / p95, ms": "{alone[0]:.1f} / {alone[1]:.1f}",
    "best ten found of 10 asked for: by vectors / by words": "{vectors_10:.3f} / {words_10:.3f}",
    "of 100": "{vectors_100:.3f} / {words_100:.3f}",
}
_WORKERS = {
    "index": "{index}",
    "workers": "{workers}",
    "one worker, MB: own / shared": "{own_mb:,.0f} / {shared_mb:,.0f}",
    "what starts them, MB": "{beside_mb:,.0f}",
    "all together, MB": "{all_mb:,.0f}",
    "answers/s": "{throughput:,.0f}",
    "p50 / p95, ms": "{p50:,.0f} / {p95:,.0f}",
}

_ASKERS = {
    "way": "{way}",
    "askers": "{askers}",
    "answers/s": "{throughput:,.0f}",
    "p50 / p95, ms": "{p50:,.0f} / {p95:,.0f}",
    "503s": "{refused}",
    "failures": "{failures}",
    "transactions an answer": "{transactions:.1f}",
    "connections": "{connections}",
}

SCALE = Record(
    "scale",
    "What growing costs",
    {
        "stores": Section(
            "Stores",
            ("passages", "store"),
            partial(markdown, _STORES),
            """Texts of a Zipf vocabulary made of the articles' words; vectors that are blends of real ones with noise.
            A folder is filled by a build whose encoder costs next to nothing, a database with the content of that
            build. Questions are real ones, each asked once; a search is all of it but the encoder's time. Who asks
            holds the encoder, too; the mapped part is pages of files, which all processes of a machine share. A
            server runs on the same machine; its memory is that of all its processes, without the files that the
            system keeps in memory for it. The last columns are recall: the share of the ten passages that stand
            nearest, or have the highest BM25, by comparing all, among the candidates by vectors or words when a
            store is asked for ten or, as every search does, for a hundred. LanceDB gets the same vectors, and the
            same index terms as words; only its candidates are timed, without the scoring that is part of a search.""",
        ),
        "workers": Section(
            "Workers on one build",
            ("index", "workers"),
            partial(markdown, _WORKERS),
            """`python -m app serve --workers N`, 16 askers at once, a connection for each question as a proxy has.
            `own` is in no other process, `shared` in one more at least: the mapped build, libraries, the encoder's
            file. All together counts each shared page once.""",
        ),
        "askers": Section(
            "Many askers on a database",
            ("way", "askers"),
            partial(markdown, _ASKERS),
            """The application by one process over the articles of `source_texts/` in PostgreSQL, on the same machine,
            by `/api/ask` and without the reader. Each asker waits for its answer before it asks again, and after a 503
            as long as that says; an end of another kind is a failure. Transactions are those of the whole database;
            connections are those to it that are open afterwards.""",
        ),
    },
)
