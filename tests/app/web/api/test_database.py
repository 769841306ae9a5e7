"""Version 1 of the interface over PostgreSQL: the same answers as over a folder, for people of each group."""

import json
from pathlib import Path
from typing import Any

from httpx2 import Response

from app.receipts.keys import make_key
from index.search.searcher import Searcher
from index.stores.address import open_location
from tests.access import API_ROUTES, HIDDEN, OPEN, built
from tests.hashing import HashingEncoder
from tests.postgres import Server
from tests.web import web_client


def told(response: Response) -> Any:
    """The answer without the build's name, its numbers as near as two engines come to each other."""

    def near(text: str) -> Any:
        return round(float(text), 3)

    answer = json.loads(response.text, parse_float=near)
    return {**answer, "build": ""}


def test_both_stores_give_the_same_to_the_same_people(postgres: Server, tmp_path: Path) -> None:
    make_key(tmp_path / "key.pem")
    settings = {
        "TRUSTED_PROXIES": "10.0.0.1", "GROUPS_HEADER": "X-Remote-Groups", "RECEIPT_KEY": str(tmp_path / "key.pem")
    }  # fmt: skip
    folder = open_location(built(tmp_path, {**OPEN, **HIDDEN})).open()
    database = open_location(postgres.database())
    database.replace(folder.encoded(), folder.manifest)
    clients = [
        web_client(Searcher.open(store, HashingEncoder), "10.0.0.1", **settings) for store in (folder, database.open())
    ]
    for group in ("hr", "sales", ""):
        headers = [("X-Remote-Groups", group)]
        for name, ask in API_ROUTES.items():
            answers = [ask(client, headers) for client in clients]
            assert answers[0].status_code == answers[1].status_code, (name, group)
            if name != "v1 page":
                assert told(answers[0]) == told(answers[1]), (name, group)
        receipts = [client.get("/api/v1/receipt/hr/pay?start=0&end=88", headers=headers) for client in clients]
        assert [receipt.status_code for receipt in receipts] == [200 if group == "hr" else 404] * 2
        assert "Zanzibar" in receipts[0].text if group == "hr" else receipts[0].json() == receipts[1].json()
