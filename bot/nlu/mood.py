"""Hears how somebody feels: words, capitals, punctuation and repetition. Coarse on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.acts import Act, Mood
from bot.nlu.text import fold

_ANGRY = re.compile(
    r"\b(?:wtf|fuck\w*|shit\w*|bullshit|idiot\w*|morons?|stupid(?! question)|dumb|crap|damn\w*|scam\w*|fraud\w*|thie(?:f|ves)|hate|furious|"
    r"outrag\w*|disgust\w*|worst|(?:what|where|why|who|how) the (?:hell|heck|fuck)|(?:sick|fed up) (?:of|with)|kidding me|never again|screw you|"
    r"piss(?:ed)? off|"
    r"пошел ты|пошли вы|отвали\w*|заткни\w*|блин|бля\w*|черт|какого черта|твою мать|идиот\w*|дебил\w*|коз(?:ел|лы|лина|лины)|сволоч\w*|"
    r"туп(?:ой|ая|ые|ица)|задолбал\w*|заколебал\w*|достал(?:и|а)?|обман\w*|мошенник\w*|кидал\w*|жуль\w*|издева\w*|"
    r"бешенств\w*|бесит\w*|взбешен\w*|возмутительн\w*|худш(?:ий|ая|ее)|больше ни ногой|ненавиж\w*|"
    r"бісит\w*|дурн(?:ий|а|і)|дістал\w*|дістав|задовбал\w*|ідіот\w*|дебіл\w*|шахра\w*|знуща\w*|чорт|до біса|"
    r"туп(?:ий|а|і)|в сказі|скажені\w*|лют(?:ий|а) |ненавидж\w*|обурлив\w*|найгірш\w*|більше ні ногою|"
    r"idiotas?|imbecil\w*|estupid\w*|mierda|joder|cono|puta|estafa\w*|timador(?:a|as|es)?|ladrones|hart[oa]s?|inutil\w*|verguenza|furios\w*|"
    r"indignad\w*|asco|demonios|narices|tomando el pelo|el peor|la peor|nunca mas)\b"
)
_SAID_ALREADY = re.compile(
    r"\b(?:already (?:told|said|wrote|gave|sent|answered)|(?:told|said|wrote|sent) (?:you |it |that )*(?:already|twice|before)|"
    r"as i said|said (?:that|it) twice|how many times|(?:second|third) time (?:i|that i|now|already) (?:\w+ )?(?:ask|say|tell|writ)\w*|(?:ask|say|tell|writ)\w* (?:\w+ ){0,3}(?:second|third) time|again and again|(?:ask|say|repeat|writ)\w* (?:\w+ ){0,2}same (?:thing|question)|"
    r"over and over|"
    r"уже (?:\w+ )?(?:говорил\w*|сказал\w*|писал\w*|отвечал\w*|давал\w*|указал\w*)|я же (?:\w+ )?(?:сказал\w*|говорил\w*|писал\w*)|"
    r"сколько раз|(?:второй|третий|десятый|сотый) раз (?:\w+ ){0,2}(?:пиш|говор|спраш|прош|объясн)\w*|(?:пиш|говор|спраш|прош|объясн)\w* (?:\w+ ){0,3}(?:второй|третий|десятый|сотый) раз|одно и то же|повтор(?:ять|яю)\b|"
    r"вже (?:\w+ )?(?:казав|казала|говори\w+|писав|писала|відповіда\w+|давав|давала)|я ж (?:\w+ )?(?:казав|казала|писав|писала)|"
    r"скільки разів|(?:вдруге|втрете|другий раз|третій раз|десятий раз) (?:\w+ ){0,2}(?:пиш|каж|пита|прош|поясн)\w*|(?:пиш|каж|пита|прош|поясн)\w* (?:\w+ ){0,3}(?:вдруге|втрете|другий раз|третій раз)|(?:знову|ви) те саме|знову й знову|повторю\w+|"
    r"ya (?:te |os |se |le )?(?:lo |la )?(?:dije|dijimos|he dicho|escribi|he escrito|conteste|puse|di)|cuantas veces|"
    r"(?:segunda|tercera|enesima) vez que|siempre (?:\w+ ){0,2}lo mismo|(?:pregunt|repet|dic|escrib)\w* (?:\w+ ){0,2}lo mismo|otra vez igual|repetir\w*)\b"
)
_ANNOYED = re.compile(
    r"\b(?:useless|ridiculous|annoying|terrible|awful|nonsense|joke of a|again\?|still (?:waiting|nothing|no )|forever|"
    r"disappoint\w*|seriously\?|come on|not what i (?:asked|said|meant)|nobody answers|no one answers|fed up|tired of|"
    r"сколько можно|бесполезн\w*|ужас\w*|надоел\w*|кошмар\w*|цирк\w*|бред\w*|разочаров\w*|серьезно\?|опять\b.*\?|"
    r"не (?:это|о том|про то|то) (?:я )?(?:спрашив\w*|спросил\w*|просил\w*)|ничего не понима\w*|никто не отвеча\w*|"
    r"скільки можна|марн\w*|жахлив\w*|жах\b|набрид\w*|цирк\w*|маячн\w*|розчаров\w*|серйозно\?|знову\b.*\?|"
    r"не (?:це|про це|про те|те) (?:я )?(?:питав|питала|просив|просила)|ніхто не відповіда\w*|"
    r"pesim\w*|horrible|molest\w*|decepcion\w*|ridicul\w*|eternidad|en serio\?|otra vez\b|por favor ya|absurd\w*|"
    r"no es (?:eso )?lo que (?:he )?(?:pregunt\w*|pedi\w*|dije)|nadie (?:me )?(?:contesta|responde)|siempre (?:lo )?(?:mismo|igual))\b"
    r"|(?:seriously|серьезно|серйозно|en serio)\?"
)
_UNSURE = re.compile(
    r"\b(?:not (?:really |so |too |quite )?sure|don'?t know|dunno|maybe|hmm+|perhaps|no idea|no clue|can'?t (?:decide|choose)|"
    r"undecided|let me think|hesitat\w*|torn between|"
    r"не знаю|не уверен\w*|сомнева\w*|может(?: быть)?,|может быть|наверно\w*|хз|без понятия|понятия не имею|"
    r"не могу (?:\w+ )?(?:определиться|решить|выбрать)|подумаю|затрудня\w*|"
    r"не знаю|не впевнен\w*|не певн\w*|можливо|мабуть|може,|вагаюс\w*|гадки не маю|без поняття|"
    r"не можу (?:\w+ )?(?:визначитися|вирішити|обрати|вибрати)|подумаю|"
    r"no se\b|no estoy (?:muy |del todo |nada )?segur\w*|quizas?|tal vez|a lo mejor|ni idea|no me decido|lo pienso|dudo|mmm+)"
    r"(?!\w)"
)


def angry(folded: str) -> bool:
    """Whether folded words are those of an angry person."""
    return _ANGRY.search(folded) is not None


def said_already(folded: str) -> bool:
    """Whether somebody complains of saying a thing again: "I already told you"."""
    return _SAID_ALREADY.search(folded) is not None


def mood(text: str, acts: Sequence[Act], *, before: str = "") -> Mood:
    """The mood of a turn. `before`: what the customer wrote in the turn before it, for who must repeat himself."""
    folded = fold(text)
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    complains = any(act.intent == "complain" for act in acts)
    marks = text.count("!") >= 3 or re.search(r"\?!|!\?|¿¡|¡¿", text) is not None
    again = len(letters) > 6 and folded.split() == fold(before).split()
    if _ANGRY.search(folded) or (shouted and (complains or marks)):
        return "angry"
    if complains or shouted or again or marks or "??" in text or said_already(folded) or _ANNOYED.search(folded):
        return "annoyed"
    return "unsure" if _UNSURE.search(folded) else "calm"
