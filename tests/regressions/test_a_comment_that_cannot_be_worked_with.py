"""One comment that could not be worked with was tried again first of all for ever: no later one was answered."""

from __future__ import annotations

from bot.comments import TRIES
from tests.integration.meta_shop import meta_shop, quiet, tasks

POST = "123123123"


async def test_a_comment_that_fails_holds_up_nobody_and_comes_before_a_person(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        meta.graph.posts[POST] = {"caption": "Light for long evenings. #CAN"}
        house = meta.shop.house
        await meta.deliver(*meta.graph.says("7001", "hi"))
        await quiet(meta)
        async with house.db.begin() as tx:
            await tx.execute('UPDATE conversation SET state = \'{"stack": "broken"}\'')
        for person in ("7001", "7002"):
            await meta.deliver(*meta.graph.comments_on(POST, person, "price?"))
        for _ in range(TRIES):
            await house.turns.comments.answer_due()
            async with house.db.begin() as tx:
                await tx.execute("UPDATE comment SET due_at = now()")
        assert "9.50" in meta.graph.person("7002").words()
        async with house.db.begin() as tx:
            rows = await tx.rows("SELECT status FROM comment ORDER BY id")
        assert [row["status"] for row in rows] == ["person", "answered"]
        assert len(await tasks(meta, "comment")) == 1
