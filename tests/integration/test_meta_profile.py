"""Before the first word: greeting, menu and first questions, set once in every language; each leads somewhere."""

from __future__ import annotations

import pytest

from app.settings import read_settings
from app.webhooks import set_profile, set_webhook
from bot.welcome import MENU, QUESTIONS
from tests.contracts.graph_server import GraphServer
from tests.integration.meta_shop import Meta, quiet, settings_of

FIELDS = {
    "facebook": {"get_started", "greeting", "persistent_menu", "ice_breakers"},
    "instagram": {"persistent_menu", "ice_breakers"},
}
# What a newcomer is told, in Ukrainian, when he presses an entry.
LEADS = {
    "catalogue": ("Чашка Aurora",),
    "gift": ("затишне",),
    "cart": ("Кошик порожній",),
    "orders": ("замовлень",),
    "delivery": ("Boxberry", "3,50"),
    "human": ("менеджер",),
}


@pytest.mark.parametrize("name", ["facebook", "instagram"])
async def test_the_profile_is_set_once_in_every_language(name: str) -> None:
    async with GraphServer(name) as graph:
        given = read_settings(env_file=None, public_url="https://shop.example", **{name: settings_of(graph)})
        told = await set_webhook(given, name)
        assert "Shown in en, ru, uk, es: " in told
        assert set(graph.profile) == FIELDS[name]
        locales = [part["locale"] for part in graph.profile["persistent_menu"]]
        assert locales == ["default", "en_US", "en_GB", "ru_RU", "uk_UA", "es_ES", "es_LA"]
        titles = [part["call_to_actions"][2]["title"] for part in graph.profile["persistent_menu"]]
        assert titles == ["My cart", "My cart", "My cart", "Моя корзина", "Мій кошик", "Mi carrito", "Mi carrito"]
        posted = [call for call in graph.calls if call["path"].endswith("messenger_profile")]
        assert "already" in await set_profile(given, name)
        graph.profile["ice_breakers"] = []
        graph.profile["persistent_menu"].reverse()  # the order of languages says nothing
        assert (await set_profile(given, name)).endswith("es: ice_breakers")
        assert len([call for call in graph.calls if call["path"].endswith("messenger_profile")]) == len(posted) + 3
        assert graph.refusals == []


async def test_each_entry_leads_to_its_dialog_in_its_language(meta: Meta) -> None:
    for number, code in enumerate(dict.fromkeys((*MENU, *QUESTIONS))):
        person = f"800{number}"
        await meta.deliver(*meta.graph.happens(person, postback={"mid": f"p{number}", "payload": f"menu.{code}.uk"}))
        await quiet(meta)
        said = meta.graph.person(person).words()
        assert [word for word in LEADS[code] if word not in said] == [], f"{code}: {said}"


async def test_the_menu_does_not_change_the_language_of_a_talk(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "покажите мою корзину, пожалуйста"))
    await quiet(meta)
    await meta.deliver(*meta.graph.happens("7001", postback={"mid": "p1", "payload": "menu.orders.en"}))
    await quiet(meta)
    assert "no orders" not in meta.graph.person("7001").words()
    assert meta.graph.person("7001").words().endswith("Позвать человека")


async def test_get_started_greets(meta: Meta) -> None:
    await meta.deliver(*meta.graph.happens("7001", postback={"mid": "p1", "payload": "GET_STARTED"}))
    await quiet(meta)
    assert "a bot" in meta.graph.person("7001").words()
