"""Who may come to the desk, and how guessing is slowed down."""

from __future__ import annotations

import asyncio
import time

import pytest

from base.db import Database
from base.errors import BadInput
from desk.people import LoginTaken, add_manager, check_password, find_manager
from desk.sign_in import SlowDown, WrongPassword, find_sign_in, network_of, sign_in, sign_out

PASSWORD = "warm wool throws"
HOME, CAFE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
async def shop(db: Database) -> Database:
    async with db.begin() as tx:
        await add_manager(tx, "Anna", " Anna ", PASSWORD, "owner")
    return db


async def guess(db: Database, times: int, *, login: str = "anna", origin: str = CAFE) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            await sign_in(db, login, "wrong password", origin)


async def test_a_manager_signs_in_with_his_login_in_any_case(shop: Database) -> None:
    opened = await sign_in(shop, "ANNA", PASSWORD, HOME)
    assert (opened.manager.name, opened.role) == ("Anna", "owner")
    async with shop.begin() as tx:
        assert await find_sign_in(tx, opened.id) == opened


async def test_the_password_itself_is_never_kept(shop: Database) -> None:
    async with shop.begin() as tx:
        row = await tx.row("SELECT * FROM manager")
    assert row is not None
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(row)


async def test_two_managers_cannot_share_a_login(shop: Database) -> None:
    with pytest.raises(LoginTaken, match="already a manager 'anna'"):
        async with shop.begin() as tx:
            await add_manager(tx, "Another Anna", "anna", PASSWORD)


@pytest.mark.parametrize(
    ("name", "login", "password"),
    [("", "a", PASSWORD), ("A", " ", PASSWORD), ("A", "a", "short"), ("Bot", "a", PASSWORD)],
)
async def test_a_manager_needs_a_name_a_login_and_a_long_password(
    db: Database, name: str, login: str, password: str
) -> None:
    with pytest.raises(BadInput):
        async with db.begin() as tx:
            await add_manager(tx, name, login, password)


async def test_a_manager_is_found_by_login_or_by_a_name_that_is_his_alone(shop: Database) -> None:
    async with shop.begin() as tx:
        await add_manager(tx, "Olga", "olga1", PASSWORD)
        await add_manager(tx, "Olga", "olga2", PASSWORD)
        assert (await find_manager(tx, "anna")) == (await find_manager(tx, "ANNA "))
        assert await find_manager(tx, "Olga") is None
        assert await find_manager(tx, "olga2") is not None


async def test_after_five_wrong_passwords_even_the_right_one_must_wait(shop: Database) -> None:
    await guess(shop, 5)
    with pytest.raises(SlowDown):
        await sign_in(shop, "anna", PASSWORD, CAFE)


async def test_a_stranger_who_guesses_does_not_lock_the_manager_out_at_home(shop: Database) -> None:
    await guess(shop, 5)
    assert (await sign_in(shop, "anna", PASSWORD, HOME)).manager.name == "Anna"


async def test_one_origin_cannot_try_many_logins(shop: Database) -> None:
    async with shop.begin() as tx:
        await tx.execute(
            """INSERT INTO sign_in_attempt (login, origin, good, at)
               SELECT 'name' || n, %s, false, now() FROM generate_series(1, 29) AS n""",
            CAFE,
        )
    await guess(shop, 1, login="nobody")
    with pytest.raises(SlowDown):
        await sign_in(shop, "anna", PASSWORD, CAFE)


async def test_guessing_one_login_from_many_origins_ends_too_but_not_where_its_owner_was_seen(shop: Database) -> None:
    await sign_in(shop, "anna", PASSWORD, HOME)
    async with shop.begin() as tx:
        await tx.execute(
            """INSERT INTO sign_in_attempt (login, origin, good, at)
               SELECT 'anna', 'bot ' || n, false, now() FROM generate_series(1, 50) AS n"""
        )
    with pytest.raises(SlowDown):
        await sign_in(shop, "anna", PASSWORD, CAFE)
    assert (await sign_in(shop, "anna", PASSWORD, HOME)).manager.name == "Anna"


async def test_guesses_at_the_same_moment_are_all_counted(shop: Database) -> None:
    outcomes = await asyncio.gather(
        *(sign_in(shop, "anna", f"wrong password {n}", CAFE) for n in range(12)), return_exceptions=True
    )
    assert sum(isinstance(outcome, WrongPassword) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, SlowDown) for outcome in outcomes) == 7


async def test_the_wait_ends(shop: Database) -> None:
    await guess(shop, 5)
    async with shop.begin() as tx:
        await tx.execute("UPDATE sign_in_attempt SET at = at - interval '16 minutes'")
    assert await sign_in(shop, "anna", PASSWORD, CAFE)


async def test_an_unknown_login_costs_as_much_work_as_a_known_one(shop: Database) -> None:
    async def took(login: str) -> float:
        began = time.perf_counter()
        assert await check_password(shop, login, "wrong password") is None
        return time.perf_counter() - began

    await took("nobody")  # makes the hash of nobody
    known = min([await took("anna") for _ in range(3)])
    unknown = min([await took("nobody") for _ in range(3)])
    assert unknown > known / 3


async def test_who_left_the_shop_is_out_at_once(shop: Database) -> None:
    opened = await sign_in(shop, "anna", PASSWORD, HOME)
    async with shop.begin() as tx:
        await tx.execute("UPDATE manager SET active = false")
    async with shop.begin() as tx:
        assert await find_sign_in(tx, opened.id) is None
    with pytest.raises(WrongPassword):
        await sign_in(shop, "anna", PASSWORD, HOME)


async def test_signing_out_ends_this_browser_and_no_other(shop: Database) -> None:
    desk, phone = await sign_in(shop, "anna", PASSWORD, HOME), await sign_in(shop, "anna", PASSWORD, CAFE)
    async with shop.begin() as tx:
        await sign_out(tx, desk)
    async with shop.begin() as tx:
        assert await find_sign_in(tx, desk.id) is None
        assert await find_sign_in(tx, phone.id) == phone


async def test_a_browser_left_alone_overnight_is_signed_out(shop: Database) -> None:
    opened = await sign_in(shop, "anna", PASSWORD, HOME)
    async with shop.begin() as tx:
        await tx.execute("UPDATE sign_in SET seen_at = seen_at - interval '13 hours'")
        assert await find_sign_in(tx, opened.id) is None


def test_a_household_of_ipv6_addresses_counts_as_one_origin() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") == "2001:db8::/64"
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("proxy") == "proxy"
