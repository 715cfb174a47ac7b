"""What nobody understood, as the owner sees it: alike phrases together, clause by clause, and nobody's data in it."""

from __future__ import annotations

from base.db import Database
from tests.integration.open_shop import open_shop
from tests.regressions.two_houses import newcomer, write

from app.unknown import unknown  # isort: skip

BURSTS = (
    ("hi", "how much is the white mug?", "what is the capital of Mongolia?"),
    ("can you knit a tent for my hamster",),
    ("can you knit tents for hamsters",),
    ("please knit my hamster a tent",),
    ("can you insure spaceships",),
    ("my neighbour Kunigunda builds zeppelins",),
    ("juggle for kuni@example.lt with penguins",),
    ("fly my zeppelin to +370 600 12345 please",),
)


async def test_alike_phrases_stand_together_without_what_belongs_to_a_person(db: Database) -> None:
    async with open_shop(db.url, database_url=db.url) as shop:
        for burst in BURSTS:  # each of another customer: one who is not understood three times gets a person
            peer, conversation = await newcomer(shop.house)
            await shop.house.turns.drain()  # nothing is answered before all of a burst is there
            for text in burst:
                await write(shop.house, peer, text)
            await shop.house.turns.settle(conversation)
        async with db.begin() as tx:
            rows = await tx.rows("SELECT content->>'text' AS text, status FROM inbound ORDER BY id")
        found = await unknown(shop.house.settings, 10)
    assert {row["text"]: row["status"] for row in rows if row["text"] in BURSTS[0]} == {
        "hi": "done", "how much is the white mug?": "done", "what is the capital of Mongolia?": "unknown",
    }  # fmt: skip
    assert (found[0].times, len(found[0].phrases)) == (3, 3)
    assert all("hamster" in phrase for phrase in found[0].phrases)
    assert 1 <= len(found[0].nearest) <= 3
    assert "out_of_scope" not in found[0].nearest
    said = [phrase for group in found for phrase in group.phrases]
    assert not [phrase for phrase in said if "mug" in phrase or "370" in phrase or "example" in phrase]
    assert not [phrase for phrase in said if "Kunigunda" in phrase]
    assert [phrase for phrase in said if "[e-mail]" in phrase], said
    assert [phrase for phrase in said if "spaceships" in phrase]
