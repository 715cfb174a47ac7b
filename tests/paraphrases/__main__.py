"""Plays the acceptance cases in other words: python -m tests.paraphrases [--only C06] [--language ru] [--record]."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable

from app.settings import read_settings
from app.talk_test.databases import Databases
from app.talk_test.report import CaseResult, transcript
from app.talk_test.runner import run_case
from app.talk_test.stage import shop_folder
from base.embedded import start_embedded
from tests.paraphrases.variations import LOCALES, MISSED, Variation, missed, variations

HEADER = (
    "# Variations that go wrong: case, language, number of the wording. Written by: make paraphrases ARGS=--record\n"
)


def main() -> int:
    asked = argparse.ArgumentParser(prog="tests.paraphrases", description=__doc__)
    asked.add_argument("--only", default="", help="cases whose names begin so")
    asked.add_argument("--language", choices=LOCALES)
    asked.add_argument("--record", action="store_true", help="write down which go wrong")
    asked.add_argument("--show", action="store_true", help="what was said in those that go wrong")
    wish = asked.parse_args()
    chosen = [
        one for one in variations() if one.case.startswith(wish.only) and one.locale == (wish.language or one.locale)
    ]
    known = missed()

    def tell(one: Variation, result: CaseResult) -> None:
        if not result.passed:
            print(f"{'known' if one.name in known else 'NEW'}: {one.name}: {result.failure and result.failure.why}")
            if wish.show:
                print(transcript(result), flush=True)

    results = asyncio.run(_play(chosen, tell))
    wrong = [one.name for one, result in results if not result.passed]
    total, passed = Counter(one.locale for one, _ in results), Counter(one.locale for one, r in results if r.passed)
    for locale in total:
        print(f"{locale}: {passed[locale]} of {total[locale]} ({100 * passed[locale] / total[locale]:.1f} %)")
    every = Counter((one.case, one.locale) for one, result in results if result.passed)
    whole = sum(count == 5 for count in every.values())
    print(
        f"all five wordings pass: {whole} of {len({(one.case, one.locale) for one, _ in results})} cases and languages"
    )
    if wish.record and not (wish.only or wish.language):
        MISSED.write_text(HEADER + "".join(f"{name}\n" for name in wrong), "utf-8")
    return 1 if set(wrong) - known else 0


async def _play(
    chosen: list[Variation], tell: Callable[[Variation, CaseResult], None]
) -> list[tuple[Variation, CaseResult]]:
    home = read_settings(env_file=None).home_folder
    databases = Databases(await asyncio.to_thread(start_embedded, home))
    results = []
    try:
        for one in chosen:
            async with databases.fresh(shop_folder(one.script.case.shop, one.script.file.parent)) as db:
                results.append((one, await run_case(one.script, db, home=home)))
            tell(*results[-1])
    finally:
        await databases.close()
    return results


if __name__ == "__main__":
    sys.exit(main())
