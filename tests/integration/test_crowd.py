"""Two hundred customers in two processes want the same thing at once: nothing is sold or redeemed twice."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import pytest

from base.db import Database
from tests.integration.crowd import check_out
from tests.integration.lumo import NOON, Lumo, open_lumo

CROWD = 200


async def rush(lumo: Lumo, sku: str, code: str = "") -> Counter[str]:
    """Everybody has one of it in the cart and checks out at once; returns how it ended."""
    codes = f'["{code}"]' if code else "[]"
    await lumo.change(
        "INSERT INTO customer (id, name, segments, created_at)"
        " SELECT 'crowd-' || n, 'A', '[]', %s FROM generate_series(1, %s) n",
        NOON,
        CROWD,
    )
    await lumo.change(
        "INSERT INTO cart (id, customer, revision, lines, codes, wrong_codes, told_units, updated_at)"
        " SELECT id, id, 0, jsonb_build_array(jsonb_build_object('sku', %s::text, 'quantity', 1)), %s::jsonb, 0,"
        " '{}', %s"
        " FROM customer WHERE id LIKE 'crowd-%%'",
        sku,
        codes,
        NOON,
    )
    everybody = [f"crowd-{n}" for n in range(1, CROWD + 1)]
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(2, mp_context=spawn) as pool:
        start = manager.Barrier(2)
        loop = asyncio.get_running_loop()
        halves = [loop.run_in_executor(pool, check_out, lumo.db.url, everybody[i::2], start) for i in range(2)]
        return sum(await asyncio.gather(*halves), Counter())


@pytest.mark.parametrize("pieces", [1, 50])
async def test_of_two_hundred_buyers_only_as_many_win_as_there_are_pieces(db: Database, pieces: int) -> None:
    lumo = await open_lumo(db)
    await lumo.change("UPDATE variant SET on_hand = %s WHERE sku = 'THR'", pieces)
    ends = await rush(lumo, "THR")
    assert ends == {"placed": pieces, "held": CROWD - pieces}
    assert await lumo.stock("THR") == (pieces, pieces)
    assert await lumo.one("SELECT sum(quantity) FROM reservation WHERE state = 'held'") == pieces
    assert await lumo.one("SELECT count(*) FROM shop_order") == pieces


async def test_a_code_of_fifty_uses_is_used_fifty_times(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.change("UPDATE variant SET on_hand = 500 WHERE sku = 'CAN'")
    await lumo.change(
        "INSERT INTO promotion (id, code, texts, conditions, actions, public, combinable, not_with, total_limit,"
        " personal, active, uses) VALUES ('RUSH', 'RUSH', '{}', '[]',"
        """ '[{"kind": "percent_of_goods", "percent": 10}]', false, true, '[]', 50, false, true, 0)"""
    )
    ends = await rush(lumo, "CAN", "RUSH")
    assert ends == {"placed": CROWD}
    assert await lumo.one("SELECT uses FROM promotion WHERE id = 'RUSH'") == 50
    assert await lumo.one("SELECT count(*) FROM redemption WHERE state = 'reserved'") == 50
    assert await lumo.one("SELECT count(*) FROM shop_order WHERE discount_minor < 0") == 50
    assert await lumo.stock("CAN") == (500, CROWD)
