"""The words by which figures are promised, in four languages: numbers, money, times, days, and claims without a digit.

Everything here is folded (nlu.text.fold): lower case, no Latin accents, е for ё, г for ґ.
"""

from __future__ import annotations

import re

from bot.guard.deeds import DEEDS
from bot.nlu.daywords import WEEKDAYS
from bot.nlu.text import spelled

_ONES = {
    0: "zero ноль ноля нуль нуля cero",
    1: "one один одна одно одну одного одной одним одні одне однієї uno una un",
    2: "two два две двух двум двумя дві двох двом двома dos",
    3: "three три трех трем тремя трьох трьом трьома tres",
    4: "four четыре четырех четырем четырьмя чотири чотирьох чотирьом cuatro",
    5: "five пять пяти пятью п'ять п'яти п'ятьма пятеро cinco",
    6: "six шесть шести шестью шість шести шістьма seis",
    7: "seven семь семи семью сім семи сьома siete",
    8: "eight восемь восьми восемью вісім восьми вісьма ocho",
    9: "nine девять девяти девятью дев'ять дев'яти nueve",
    10: "ten десяток десять десяти десятью diez tenner червонец",
    11: "eleven одиннадцать одиннадцати одинадцять одинадцяти once",
    12: "twelve двенадцать двенадцати дванадцять дванадцяти doce dozen дюжина дюжину дюжини docena",
    13: "thirteen тринадцать тринадцати тринадцять тринадцяти trece",
    14: "fourteen четырнадцать четырнадцати чотирнадцять чотирнадцяти catorce",
    15: "fifteen пятнадцать пятнадцати п'ятнадцять п'ятнадцяти quince",
    16: "sixteen шестнадцать шестнадцати шістнадцять шістнадцяти dieciseis",
    17: "seventeen семнадцать семнадцати сімнадцять сімнадцяти diecisiete",
    18: "eighteen восемнадцать восемнадцати вісімнадцять вісімнадцяти dieciocho",
    19: "nineteen девятнадцать девятнадцати дев'ятнадцять дев'ятнадцяти diecinueve",
    21: "veintiuno veintiun", 22: "veintidos", 23: "veintitres", 24: "veinticuatro", 25: "veinticinco",
    26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
}  # fmt: skip
_TENS = {
    20: "twenty двадцать двадцати двадцатью двадцять двадцяти veinte",
    30: "thirty тридцать тридцати тридцять тридцяти treinta",
    40: "forty сорок сорока cuarenta",
    50: "fifty пятьдесят пятидесяти п'ятдесят п'ятдесяти cincuenta полтинник полтинника",
    60: "sixty шестьдесят шестидесяти шістдесят шістдесяти sesenta",
    70: "seventy семьдесят семидесяти сімдесят сімдесяти setenta",
    80: "eighty восемьдесят восьмидесяти вісімдесят вісімдесяти ochenta",
    90: "ninety девяносто девяноста дев'яносто noventa",
}
_BIG = {
    100: "hundred сто ста сотня сотню сотни сотні cien ciento",
    200: "двести двісті doscientos doscientas", 300: "триста trescientos", 500: "пятьсот п'ятсот quinientos",
    1000: "thousand тысяча тысячу тысячи тысяч тисяча тисячу тисячі тисяч mil grand",
}  # fmt: skip
NUMBERS = {word: n for table in (_ONES, _TENS, _BIG) for n, words in table.items() for word in words.split()}
TENS = frozenset(word for words in _TENS.values() for word in words.split())
HUNDREDS = frozenset(word for words in _BIG.values() for word in words.split())
VAGUE_ONES = spelled(  # numbers only before a unit: elsewhere they are articles, pronouns and other words
    f"{_ONES[1]} once par pair couple пара пару пары пари mil grand сорока семью"
)
PAIRS = spelled("pair couple пара пару пары парочку пари par")
PAIR_OF = re.compile(  # "a pair of mugs" counts them; "a couple of ideas" does not
    r"(?:(?:pair|couple) of|par de|пара|пару|пары|парочк[ау]|пари) "
    r"(?!ideas?|words?|questions?|things?|options?|слов|вопрос|вариант|иде|мыслей|слів|питань|запитань|варіант|ідей|"
    r"palabras|preguntas|cosas|opciones)[^\W\d_]"
)
AND = spelled("y and и і та")

CURRENCIES = (
    ("EUR", r"€|eur\b|euros?\b|эуро\b|евро\b|евриков\b|єв?ро\b"),
    ("USD", r"\$|usd\b|dollars?\b|bucks?\b|доллар\w*|долар\w*|бакс\w*|dolar(?:es)?\b"),
    ("GBP", r"£|gbp\b|pounds?\b|фунт\w*|libras?\b"),
    ("RUB", r"₽|rub\b|руб\w*|rublos?\b|рублів\b"),
    ("UAH", r"₴|uah\b|грн\b|гривен\w*|гривн\w*|grivnas?\b"),
)
CENTS = r"(?:cents?|центов|цента|центи|центів|копе\w+|копі\w+|centimos?|centavos?)\b"
PERCENT = r"(?:%|percent\b|per cent\b|pct\b|процент\w*|проц\b|відсот\w*|por ?ciento\b|por cien\b)"
WORKING = r"(?:working|business|workin|рабоч\w+|робоч\w+|laborables?|habiles)\s+"
UNITS = (
    ("minute", r"(?:minutes?|mins?|минут\w*|мин|хвилин\w*|хв|minutos?)\b"),
    ("hour", r"(?:hours?|hrs?|h|час(?:а|ов|у|ик)?|ч|годин\w*|год|horas?)\b"),
    ("day", r"(?:days?|день|дня|дней|дню|дн|днів|дні|днем|суток|сутки|діб|доби|доба|добу|dias?)\b"),
    ("week", r"(?:weeks?|недел\w+|тижн\w+|тиждень|semanas?)\b"),
    ("month", r"(?:months?|месяц\w*|місяц\w*|meses|mes)\b"),
    ("year", r"(?:years?|год(?:а|у)?|лет|рок(?:и|у|ів)|рік|anos?)\b"),
)
MEASURES = r"(?:[cmk]?m|k?g|m?l|см|мм|м|г|кг|мл|л|w|вт|mah)\b|°"
PIECES = (
    r"(?:pcs?|pieces?|items?|units?|left|remain\w*|in stock|available|шт\w*|осталось|остались|в наличии|залишилось|"
    r"залишилися|в наявності|unidades|unidad|piezas?|uds|disponibles?|quedan|en stock|[x×х]\b|×)"
)
LEFT = r"(?:only|left|осталось|осталас\w|осталис\w|всего|лише|залишилось|залишил\w+|тільки|quedan?|solo|hay)\s*:?\s*$"
# ---- claims without a figure: kind, value, words ---------------------------------------------------

DAYS: tuple[tuple[str, str], ...] = (
    ("+2", r"day after tomorrow|послезавтра|післязавтра|pasado manana"),
    ("+0", r"today|tonight|this (?:evening|morning|afternoon)|same[ -]day|сегодня\w*|(?:в )?(?:тот|этот) же день|"
           r"сьогодні|того ж дня|цього ж дня|hoy|esta (?:tarde|noche|manana)|(?:el |en el )?mismo dia"),
    ("+1", r"tomorrow|tmrw|overnight|next[ -]day|завтра\w*|на следующий день|наступного дня|(?<!pasado )manana|"
           r"(?:al )?dia siguiente"),
    *((f"weekday {n}", words) for n, words in enumerate(WEEKDAYS)),
    ("near", r"(?:next|this|following|coming) (?:week|month|weekend|year)|weekend|end of (?:the )?(?:week|month|day)|"
             r"на (?:следующей|этой|той) неделе|(?:в|на|к) (?:эти |ближайш\w+ )?выходн\w+|(?:до|"
             r"к) конц[ау] (?:недели|дня|месяца)|"
             r"(?:наступного|цього) (?:тижня|місяця)|(?:на|до) (?:вихідн\w+|наступному тижні|цьому тижні)|"
             r"до кінця (?:тижня|дня|місяця)|(?:la )?(?:proxima|esta) semana|(?:la )?semana que viene|"
             r"fin de semana|finde|"
             r"(?:by|before|until) (?:the )?(?:evening|morning|lunch\w*|nightfall|end of)|(?:до|к|под|"
             r"на) (?:вечер[ау]?|утр[ау]|"
             r"обед[ау]?|ноч[иь])|(?:до|під|на) (?:вечор[аі]|вечір|ранку|ранок|обіду?|ночі)|(?:antes de|para|por) la "
             r"(?:noche|tarde|manana)|antes de comer|"
             r"(?:el )?(?:proximo mes|mes que viene)|(?:by|for|before|until) (?:the )?(?:christmas|"
             r"xmas|new year\w*|easter|holidays|valentine\w*)|(?:до|к|под|на) (?:нов\w+ год\w*|рождеств\w+|пасх\w+|"
             r"праздник\w*|8 марта)|(?:до|на|під) (?:нов\w+ р[оі]к\w*|різдв\w+|свят\w*|великод\w+|миколая)|"
             r"(?:antes de|para|por) (?:la |el |las |los )?(?:navidad\w*|nochebuena|reyes|fiestas|ano nuevo)|"
             r"noon|midnight|полдень|полдня|полночь|опівдні|опівноч\w|mediodia|"
             r"medianoche"),
    ("soon", r"any day now|in no time|this (?:very )?(?:hour|minute|moment|instant|second)|right away|"
             r"straight away|immediately|"
             r"instantly|at once|in a (?:flash|jiffy|heartbeat)|мигом|(?:сию|эту) (?:же )?минут\w+|в эт(?:от|"
             r"у) же (?:час|минуту)|"
             r"моментально|немедленно|мгновенно|миттю|миттєво|негайно|(?:цієї|тієї) ж (?:години|хвилини|миті)|"
             r"ahora mismo|"
             r"(?:de )?inmediat\w+|al instante|enseguida|en (?:este|el) (?:mismo )?(?:momento|instante)|volando|"
             r"на днях|со дня на день|вот-вот|(?:цими )?днями(?! \w+ання)|з дня на день|от-от|"
             r"de un dia (?:para|a) otro|en un periquete|en nada|(?:a )?few (?:days|hours|weeks|minutes)|"
             r"несколько (?:дней|часов|минут)|через (?:час|минутку|полчаса)|"
             r"(?:кілька|декілька) (?:днів|годин|хвилин)|(?:unos|pocos|varios) (?:dias|minutos)|(?:unas|pocas) horas|"
             r"half an hour|within the hour|полчаса|пів ?години|за півгодини|media hora|fortnight|"
             r"полтора\w*|полутора|півтор[аи]|and a half|y medi[ao]|"
             r"(?:пол|пів)(?:года|року|дня)"),
)  # fmt: skip
CLAIMS: tuple[tuple[str, str], ...] = (
    *DEEDS,
    ("sold_out", r"sold out|out of stock|(?:not|none) (?:in stock|available|left)|распродан\w*|раскупил\w*|"
                 r"(?:нет|нету) (?:в наличии|на складе)|закончил(?:ись|ась|ся)|розпродан\w*|розкупили|"
                 r"(?:немає|нема) (?:в|у) наявності|закінчил(?:ися|ась|ося)|agotad\w+|sin existencias|no quedan?|"
                 r"no (?:esta|estan|hay) (?:disponibles?|en stock|existencias)"),
    ("part", r"(?:a|one|by a) (?:third|quarter|fifth|tenth) (?:off|less|cheaper)|"
             r"(?:a|one) (?:third|quarter) of the price|"
             r"(?:на )?(?:треть|четверть) (?:дешев\w+|цены|скин\w+)|на (?:треть|четверть)|(?:на )?(?:третину|чверть)|"
             r"una? (?:tercio|cuarto|tercera parte|cuarta parte) (?:menos|mas barat\w+|del? precio|de descuento)"),
    ("free", r"waiv\w+|(?:без|не (?:возьм\w+|бер[уе]м?|візьм\w+|стягу\w+)) (?:плат\w+|денег|грошей)|"
             r"спиш\w+ (?:плат\w+|"
             r"стоимость|вартість)|доставк\w+ (?:\w+ )?не (?:взим\w+|счита\w+|бер\w+)|no (?:te |le )?cobr\w+|"
             r"te perdon\w+|"
             r"(?:add|get|give|gets|include|receive)\b[^.!?;\n]{0,40} as a (?:present|gift|bonus)|thr[oe]w\w* in|"
             r"(?:is|are|it's|delivery's|shipping's|all) on us|(?:shipping|delivery|postage)(?: is| are)? included|"
             r"includ(?:es|ing) (?:shipping|delivery|postage)|gift from us|costs? (?:you )?nothing|"
             r"достав\w+ (?:уже )?(?:включен\w*|вход\w+|на нас|с нас)|(?:с учетом|включая) доставк\w+|презент\w*|"
             r"бонусом|(?:за|в) счет магазина|без (?:доплат\w*|оплаты)|за так|"
             r"достав\w+ (?:вже )?(?:включ\w+|вход\w+|на нас|з нас)|(?:коштом|за рахунок) магазину|за наш рахунок|"
             r"sin gastos(?: de envio)?|(?:envio|portes|gastos)(?: ya)? (?:incluid\w+|pagad\w+)|incluye el envio|"
             r"(?:corre|va|van|corren) (?:de|por) (?:nuestra )?cuenta(?: nuestra| de la (?:casa|tienda))?|"
             r"de cortesia|cortesia de la casa|obsequi\w+|a coste cero|"
             r"(?<!feel )(?<!becomes )\bfree(?! to\b)(?:bie)?s?|on the house|for nothing|no charge|without charge|"
             r"free of charge|"
             r"(?:at )?no (?:extra )?cost|(?:not|n't|won't) cost (?:you )?(?:anything|a)|nothing to pay|our treat|"
             r"(?:we|i|we'll|i'll|we will|i will) (?:cover|pay)|(?:мы|я) (?:все )?опла\w+|за наш счет|"
             r"ми (?:все )?опла\w+|"
             r"нашим коштом|pag(?:amos|o) (?:nosotros|yo)|por nuestra cuenta|complimentary|zero cost|won't cost|"
             r"doesn't cost|бесплатн\w*|даром|"
             r"(?:за|в) счет заведения|в подарок|подарим\w*|дарим|ничего не сто\w+|ни копейки|нахаляву|"
             r"на халяву|безкоштовн\w*|безплатн\w*|задарма|задурно|у подарунок|в подарунок|подаруємо|даруємо|"
             r"коштом закладу|нічого не коштує|ні копійки|gratis|gratuit\w*|de regalo|regalamos|te (?:lo|"
             r"la) regal\w+|"
             r"sin (?:coste|costo|cargo|pagar)|no cuesta nada|invita la casa"),
    ("half", r"вдвое|в два раза|вдвічі|удвічі|(?:у|в) два рази|a mitad|half[ -](?:the )?(?:price|off)|half price|"
             r"50/50|полцен\w+|пол ?цены|вполовину|наполовину дешевле|"
             r"вдвое дешевле|в два раза дешевле|півціни|пів ?ціни|вдвічі дешевше|удвічі дешевше|наполовину дешевше|"
             r"mitad de(?:l)? precio|(?:a )?mitad de precio|a la mitad|dos por uno|2x1|two for one|"
             r"buy one get one|bogo|"
             r"две по цене одной|два за ціною одного|дві за ціною однієї"),
    ("discount", r"you(?:'ll| will| can)? save|saves? you|(?:a )?savings? of|(?:с)?эконом(?:ите|ишь|ия|ию|или)|"
                 r"(?:за)?ощад\w+|"
                 r"зеконом\w+|(?:te |se )?ahorr\w+|сниж\w+|знижен\w+|уценен\w+|уцінен\w+|price drop|(?:cut|drop|"
                 r"lower|reduce)\w* the price|off the price|сбав\w+|скин\w+|сбро[сш]\w+|"
                 r"(?:сниз\w+|опус\w+) цен\w+|скине\w+|скинути|(?:знизи\w+|зменш\w+) цін\w+|"
                 r"rebaj\w+|(?:baj\w+|recort\w+) el precio|te lo bajo|te hago (?:un )?(?:buen )?precio|"
                 r"discount\w*|rebate\w*|money off|% off|mark\w* down|cheaper for you|special (?:price|offer)|"
                 r"best price|minus|knock\w*|take (?:\w+ ){1,3}off|cheaper by|минус|мінус|на \w+ дешев\w+|"
                 r"скидк\w*|скидос\w*|уступ\w+|спец ?цен\w+|особ\w+ цен\w+|акци[яию]|знижк\w*|"
                 r"поступ\w+ся|особлив\w+ цін\w+|спеціальн\w+ цін\w+|акці[яюї]|descuent\w*|"
                 r"precio especial|oferta especial|te lo dejo|promo(?:tion|cion)?\b"),
    ("stock", r"in stock|plenty|lots of|tons of|loads of|fully stocked|back in stock|в наличии|полно|навалом|"
              r"в наявності|повно|вдосталь|удосталь|en existencias?|en stock|de sobra|un monton|"
              r"есть на складе|є на складі|disponible\w*|available(?! (?:on|as|by|in (?:our|the) (?:shop|chat)))"),
    ("last", r"(?:the )?last (?:one|piece|item|mug|pair)|almost (?:gone|sold out)|nearly sold out|running out|"
             r"последн(?:яя|ий|юю|ее) (?:штук\w*|экземпляр\w*|вещь)|осталась последняя|остался последний|"
             r"почти (?:раскупил\w*|закончил\w*)|остання (?:штука|одиниця)|останній (?:примірник|екземпляр)|"
             r"залишилася остання|залишився останній|майже розкупили|(?:la |el )?ultim[ao] (?:unidad|pieza)|"
             r"queda (?:la|el) ultim[ao]|casi agotad\w+"),
    ("slang", r"tenners?|fivers?|quid|червон\w+|полтинник\w*|пятерк\w+|п'ятірк\w+|десят(?:ка|ку|ке|ки|очку)|"
              r"двадцатк\w+|двадцятк\w+|тридцатк\w+|пятнашк\w+|сотк\w+|стольник\w*|"
              r"(?:dozens|hundreds|thousands|tens) (?:of|left)|(?:десятки|сотни|тысячи|сотні|тисячі|decenas|"
              r"cientos|miles)"),
    ("guarantee", r"guarante\w*|warrant\w*|lifetime|money[ -]back|full refund|гаранти\w*|пожизненн\w*|"
                  r"верн[уе]м деньги|гаранті\w*|довічн\w*|поверн[уе]мо (?:гроші|кошти)|garanti\w*|de por vida|"
                  r"reembolso (?:completo|total)|devolvemos (?:el|tu|su) dinero"),
    ("all", r"both|every|(?<!in )(?<!at )(?<!after )all(?! together| in all| right)|"
            r"any(?! questions?| other| more| further| time)|whichever|"
            r"все(?! вместе| разом)|всех|всем|оба|обе|обоих|обеих|кажд\w+|люб(?:ой|ая|ое|ую|ые|ого|ом)|"
            r"(?:в|у)сі|(?:в|у)сіх|обидв\w+|обох|обоє|кожн\w+|будь-як\w+|"
            r"amb[oa]s|tod[oa]s|cada(?! una?\b(?! de))|cualquier\w*|las dos|los dos"),
)  # fmt: skip
DELIVERY_WORDS = re.compile(
    r"\b(?:deliver\w*|shipping|postage|courier\w*|pick-up\w*|pickup\w*|достав\w+|пересыл\w+|курьер\w*|самовывоз\w*|"
    r"надсил\w+|кур'єр\w*|самовив\w+|envio\w*|entrega\w*|mensajer\w*|gastos de envio)"
)
TOTAL_WORDS = re.compile(
    r"\b(?:total|in all|altogether|sum|order|cart|goods|итого|всего|сумм\w+|заказ\w*|корзин\w+|товар\w*|разом|"
    r"усього|всього|"
    r"сум\w+|замовлен\w+|кошик\w*|en total|suma|pedido|carrito|cesta|articulos|productos)\b"
)
