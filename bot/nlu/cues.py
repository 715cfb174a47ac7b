"""Words that tell near intents apart, in the shop's four languages, and the sets of intents they are asked of."""

from __future__ import annotations

import re

from bot.nlu.said import Said
from bot.nlu.text import spelled

ADS = re.compile(
    r"\b(?:ads?|advert\w*|newsletter|spam\w*|promo\w*|market\w*|offers?|реклам\w*|рассыл\w*|спам\w*|акци\w*|"
    r"розсил\w*|publicidad|boletin|ofertas|promociones|anuncios)\b"
)
WHY = re.compile(
    r"\b(?:how (?:did|do) (?:you|u) (?:get|count|calculate)|как (?:вы )?(?:посчитали|получили)|"
    r"як (?:ви )?(?:порахували|отримали)|como (?:lo )?(?:habeis|has|han) (?:calculado|sacado)|"
    r"why|how come|почему|отчего|чому|por que|porque|откуда|звідки|where does)\b"
)
REMOVES = re.compile(
    r"\b(?:remove|delete|drop|take (?:\w+ ){0,3}(?:off|out)|take (?:off|out)|without|cancel|unapply|убер\w*|удал\w*|"
    r"без|отмен\w*|прибер\w*|видал\w*|скасу\w*|quit\w*|elimin\w*|sin|borra\w*)\b"
)
TAKES_OUT = re.compile(
    r"\b(?:remove|delete|drop|(?:take|leave) (?:\w+ ){0,3}(?:off|out)|minus|убер\w*|удал\w*|вычерк\w*|выкин\w*|минус|"
    r"прибер\w*|прибир\w*|видал\w*|викин\w*|мінус|quit[aeoá]\w*|elimin\w*|saca\w*|borra\w*|fuera)\b"
)
SETS = re.compile(
    r"\b(?:change|set|make|sh(?:oul|ul|u)d be|only|just|solely|поменя\w*|измени\w*|сдела\w*|пусть|только|всего|лишь|"
    r"зміни\w*|зроб\w*|хай|нехай|лише|лиш|тільки|всього|cambi\w*|que sean|dej[ae]\w*|solo|solamente)\b"
)
TOTAL = re.compile(
    r"\b(?:total|sum|comes? to|how much|cost|price|"
    r"цена|стоимость|ціна|precio|итого|сумм\w*|сколько|скока|почем|вартість|скільки|"
    r"разом|cuanto|cuestan?)\b"
)
PRICE_OF = re.compile(r"\W*(?:the )?(?:price|cost|total|цена|стоимость|ціна|вартість|el precio|precio)\b")
ALL_BUT = re.compile(
    r"\b(?:all|every\w*|все|вс[іе]|усі|tod[ao]s)\b.*\b(?:except|but|кроме|крім|окрім|menos|salvo|excepto)\b"
)
KEEPS = re.compile(r"\b(?:keep|leave(?! (?:\w+ ){0,3}out)|остав\w*|залиш\w*|лиши\w*|dej[ae]\w*)\b")
CANCELS = re.compile(r"\b(?:cancel\w*|abort|отмен\w*|otmena|скасу\w*|відмін\w*)\b")
NO_LONGER = re.compile(r"\b(?:any ?more|no longer|уже не|вже не|ya no)\b")
NOT_CANCELLED = re.compile(
    r"\b(?:do not|don'?t|dont|not|never|no|не)\s+(?:\w+\s+){0,5}?"
    r"(?:cancel\w*|отмен\w*|аннулир\w*|скас\w*|анул\w*|anul\w*)\b"
)
SWITCHES = re.compile(
    r"\b(?:instead|switch|swap|replace|other|rather|вместо|замен\w*|поменя\w*|друг\w+|замість|"
    r"замін\w*|інш\w+|en vez|en lugar|cambia\w*|mejor)\b"
)
SWAPS = re.compile(
    r"\b(?:swap|replace|exchange|change|замени\w*|поменя\w*|замін\w*|поміня\w*|змін[иі]\w*|cambia\w*|reemplaza\w*|sustituy\w*)\b"
)
TAKES = re.compile(
    r"\b(?:take|add|buy|can i (?:get|have)|get me|give me|gimme|i'll have|order|put|"
    r"закажу|заказываю|замовл[юя]\w*|pido|беру|возьму|beru|voz'?mu|viz'?mu|добав\w*|положи\w*|дайте|дай|куплю|заверните|"
    r"візьму|додай\w*|поклад\w*|anad\w*|agreg\w*|pon(?:me|le)?|llevo|dame|tomo|me (?:l[oa]s? )?quedo|compro|comprar|"
    r"would like|i'd like|want|купить|заказать|купити|замовити|в корзину|[ув] кошик|al carrito|"
    r"пусть будет|(?:не)?хай буде|que sea|"
    r"(?:to|into) (?:the |my )?(?:cart|basket))\b"
)
WILL_ORDER = re.compile(
    r"\b(?:(?:i'?ll|i will|let me|i want to|i'd like to) (?:order|buy|take|get)|закажу|заказываю|куплю|возьму|"
    r"замовлю|замовляю|візьму|pido|pedire|compro|quiero pedir)\b"
)
WANTS = re.compile(r"\b(?:хочу|хочем[оу]?|хотим|хотел[аи]? бы|хотів би|хотіла б|quiero|queremos|quisiera|querria)\b")
LOOKS = re.compile(
    r"\b(?:see|look|know|ask|посмотр\w*|глян\w*|узна\w*|спрос\w*|подив\w*|побач\w*|дізна\w*|запит\w*|ver|mirar|saber|"
    r"preguntar)\b"
)
ASKS_TO_ADD = re.compile(
    r"\b(?:can|could|may) (?:i|we|you)\b.*\b(?:add|have|get|take|order|buy|put)\b"
    r"|\b(?:можно|можете|можеш\w*|можна|можете)\b.*\b(?:добав\w*|взять|заказать|додат\w*|додай\w*|взяти|замовити)\b"
    r"|\b(?:puedo|puedes|podria\w*|podeis|se puede|me)\b.*\b(?:anad\w*|agreg\w*|pon\w*|llev\w*|pedir|comprar)\b"
)
ASKS_FOR = re.compile(
    r"\b(?:can|could|may) (?:i|we) (?:have|get|take|order|buy)\b|\b(?:можно|можна) (?:мне|мені|нам)?\b"
    r"|\b(?:puedo|podria) (?:llevar(?:me)?|quedarme|comprar|pedir|tener)\b"
)
ADDS = re.compile(r"\b(?:add|добав\w*|дода\w*|anad\w*|agreg\w*)\b")
NAMES_A_THING = re.compile(r"\b(?:a|an|some|una?)\s+(?P<thing>[^\W\d_]{3,})$")
LIMITS = spelled(
    "under below up to max maximum less than not no more within at most around about roughly cheaper like only budget "
    "my is "
    "до максимум не дороже больше дешевле около примерно за на бюджет мой в пределах где-то "
    "дорожче більше дешевше приблизно біля близько десь мій межах "
    "menos de hasta por debajo tope maximo unos alrededor cerca sobre no mas presupuesto mi es"
)
ANYTHING = re.compile(
    r"\b(?:anything|something|what (?:do|have|can|is there|else|you got)|whats there|show|got"
    r"|что|чо|шо|чего|че|что-то|что-нибудь|чтонибудь|покаж\w*|есть"
    r"|що|щось|шось|покаж\w*|є"
    r"|algo|que (?:hay|tienes|tienen|teneis|tenes)|tienes|tienen|hay|muestra\w*|ensena\w*)\b"
)
DETAILS = (
    ("phone", re.compile(r"\b(?:phone|telephone|телефон\w*|telefono)\b")),
    ("address", re.compile(r"\b(?:address|адрес\w*|direccion)\b")),
    ("point", re.compile(r"\b(?:pick ?-?up point|пункт\w*|punto)\b")),
    ("delivery", re.compile(r"\b(?:delivery|shipping|доставк\w*|envio)\b")),
    ("payment", re.compile(r"\b(?:pay\w*|оплат\w*|pago)\b")),
    ("recipient", re.compile(r"\b(?:name|recipient|имя|получател\w*|ім'я|отримувач\w*|nombre|destinatari\w*)\b")),
)
FREE_DELIVERY = re.compile(
    r"\bfree (?:shipping|delivery)\b|\bбесплатн\w* доставк\w*|\bдоставк\w* бесплатн\w*|\bбезкоштовн\w* доставк\w*"
    r"|\bдоставк\w* безкоштовн\w*|\benvio (?:gratis|gratuito)\b"
)
NOT_GIFTS = frozenset(  # what "what would you take for a friend?" is no more than guessed to be
    ["repeat", "smalltalk", "compare", "unknown", "out_of_scope", "show_more", "praise", "product_details"]
)
OF_PAYING = frozenset(["checkout", "faq_payment", "choose_payment", "payment_problem", "show_more", "inform"])
_SENDS = (
    r"(?:deliver\w*|ship\w*|send\w*|достав\w*|отправ\w*|вез[её]\w*|воз[иь]\w*|привез\w*|надсила\w*|відправ\w*|"
    r"env[ií]\w*|mand[áa]\w*|entreg\w*|reparte\w*|lleg[aá]\w*)"
)
SENDS = re.compile(rf"\b{_SENDS}\b")
_TO_A_PLACE = re.compile(
    rf"(?i:\b{_SENDS})\b.{{0,30}}?"
    r"\b(?i:to|into|in|до|в|во|у|на|a|hasta|en)\s+(?P<place>[A-ZА-ЯІЇЄҐ][\w'’ʼ-]{2,})"
)
WRAPS = re.compile(  # a service, even where a word of it names goods
    r"\b(?:do|can|could|will|would) (?:you|u) (?:gift[ -]?)?wrap|\b(?:упаковываете|упакуете|запакуете|пакуете)\b"
    r"|\b(?:загортаєте|загорнете|пакуєте|запакуєте)\b|\b(?:envolveis|envuelven|envuelves|podeis envolver)"
)
OTHER_WAY = re.compile(
    r"\b(?:pay|payment)\b.*\b(?:another|other|different|else)\w*\b"
    r"|\b(?:another|other|different) (?:way|method)\b.*\bpay"
    r"|\b(?:оплат|плат|заплат)\w*\b.*\b(?:по-?другому|иначе|друг\w+)|\bдруг\w+ (?:способ\w*|картой)"
    r"|\b(?:оплат|сплат|плат|заплат)\w*\b.*\b(?:інакше|по-?іншому|інш\w+)|\bінш\w+ (?:спосіб|способ\w*|карткою)"
    r"|\b(?:pagar|pago)\b.*\b(?:otra|otro|diferente|distint\w+)|\botra (?:forma|manera) de pago"
)
WHERE_TO_PAY = re.compile(
    r"\b(?:where|how)\b.*\bpay\b|\bpay(?:ment)? (?:link|page)\b|\b(?:где|куда|как)\b.*\b(?:платить|оплат\w*|заплатить)"
    r"|\b(?:де|куди|як)\b.*\b(?:платити|сплатити|оплатити|заплатити)|\b(?:ссылк\w*|посиланн\w*) (?:на|для) оплат\w*"
    r"|\b(?:donde|como)\b.*\b(?:pago|pagar)\b|\b(?:enlace|link) de pago\b"
)
WANTED = re.compile(  # with bare goods: "the throw please", "and the pillow too"
    r"\b(?:please|pls|plz|too|also|as well|then|тоже|также|тогда|пожалуйста|плиз|пж|теж|також|тоді|будь ласка|"
    r"por favor|porfa|tambien|entonces)\b"
)
SO_MUCH = re.compile(
    r"\b(?:much|expensive|pricey|high|more|many|много|дорого|столько|больше|багато|стільки|більше|tanto|caro|cara|mucho|mas)\b"
)
ARITHMETIC = re.compile(r"\b(?:plus|minus|times|divided|плюс|минус|мінус|умножить|mas|menos)\b|[+*=]")
DELIVERING = re.compile(r"\b(?:delivery|shipping|postage|доставк\w*|пересылк\w*|пересилк\w*|envio)\b")
RATHER = re.compile(  # at the beginning: what follows corrects what was said before
    r"^\W*(?:(?:oh|ah|hmm+|wait|ой|ай|хм+|стой\w*|ay|espera|no|нет|не|ні|а|sorry|простите|вибачте|perdon)\W+)*"
    r"(?:actually|rather|better|make (?:it|that)|лучше|точнее|вернее|хотя|пусть будет|краще|точніше|хоча|хай буде|"
    r"mejor|en realidad|que sean)\b"
)
A_SECOND = re.compile(
    r"^\W*(?:(?:and|plus|also|и|і|та|y|e)\s+)(?:(?:a|one|la|un|una)\s+)?"
    r"(?:second|another|втор\w+|друг\w+|ещ?е одн\w+|ще одн\w+|otr[ao]|segund[ao]|"
    r"(?:the )?same|так(?:ую|ой|ие) же|таку (?:ж|саму)|такий самий|(?:la|lo) mism[ao])\b"
)
NOT_WORKING = re.compile(
    r"\b(?:(?:does ?n'?t|not|isn't) (?:work\w*|valid|accepted)|"
    r"не (?:работает|действует|срабатывает|принимает\w*|працює|діє|спрацьовує|приймає\w*)|"
    r"no (?:funciona|va|vale|sirve))\b"
)
INSTEAD_OF = re.compile(r"\b(?:instead of|rather than|in place of|вместо|замість|en vez de|en lugar de)\b")
THE_OTHER = re.compile(
    r"^\W*(?:(?:and|no|а|и|нет|і|ні|y|la|el|the|лучше|краще|mejor|show|покаж\w*|muestra\w*)\W+)*"
    r"(?:other(?: ones?)?|друг(?:ую|ой|ая|ое|ие)|інш(?:у|ий|а|е|і)|(?<=[lae]\W)otr[ao]|(?<=s\W)otr[ao]s)\W*$"
)
REMAINS = re.compile(r"\b(?:left|remain\w*|остал\w*|оста[её]тся|лишил\w*|залишил\w*|лишається|quedan?|queda)\b")
ONLY = re.compile(r"\b(?:just|only|только|лишь|лише|тільки|solo|solamente)\b")
THE_ONE = re.compile(r"\bones?\b")  # "the second one" is no number of pieces
CHEAPER = re.compile(
    r"\b(?:cheaper|less expensive|costs? less|(?:по)?дешевле|стоит меньше|недорог\w*|дешевш\w*|"
    r"коштує менше|mas barat\w*|cuesta menos|economic\w*)\b"
)
ORDERS = re.compile(r"\b(?:order|check ?out|оформ\w*|закаж\w*|заказыва\w*|замовля\w*|замов|tramit\w*|finaliz\w*)\b")
_NICE = (
    r"(?:sounds|looks|is) (?:good|nice|great|perfect|fine)|"
    r"норм\w*|подход\w*|нравится|понравил\w*|подобається|сподоба\w*|me gusta|me encanta|esta bien"
)
LOOKS_NICE = re.compile(rf"\b(?:{_NICE})\b")
PLACE_CHOSEN = re.compile(rf"\b(?:then|entonces|тогда|тоді|вариант|варіант|opcion|option|{_NICE})\b")
LIKES = re.compile(  # somebody who is to be given something
    r"\b(?:likes|loves|is into|enjoys|любит|обожает|нравятся|любить|обожнює|подобаються|le gustan?|le encantan?)\b"
)
SO_FAR = re.compile(
    r"\b(?:so far|come to|altogether|in total|all together|выходит|выйдет|вышло|получается|получилось|итого|всего|"
    r"виходить|вийде|вийшло|разом|всього|en total|llevo|va|sale|seria todo)\b"
)
THATS_ALL = re.compile(
    r"(?:(?:ok|okay|no|ок|окей|нет|ні|vale)\W+)?(?:that'?s|that is|that'?ll be|that will be) (?:all|it|everything)"
    r"(?: (?:for now|thanks|thank you|please))?|(?:это|ето) все|(?:на этом|пока) все|це все|"
    r"(?:на цьому|поки) (?:все|усе)|(?:(?:и|і|та й|ну|вот|ось) )?(?:все|усе)|"
    r"(?:y )?(?:eso|esto) es todo|y ya(?: esta)?|y nada mas|(?:con eso )?(?:ya )?esta todo|nada mas gracias"
)
IT_ALL = re.compile(r"\b(?:all|everything|все|усе|всё|todo)\b")
CART_EMPTY = re.compile(
    r"\b(?:cart|basket|carrito|cesta|корзина|кошик)\W+(?:is |esta )?(?:empty|vaci[ao]|пуст\w*|порожн\w*)"
)
TAKES_IT_ALL = re.compile(
    r"\b(?:take|buy|беру|возьму|берем|куплю|візьму|беремо|llevo|quedo|compro)"
    r"(?: \w+)? (?:all|everything|все|усе|todo)\b|"
    r"\b(?:все|усе) (?:беру|возьму|берем|куплю|візьму|беремо)\b"
)
SHOWS = re.compile(r"\b(?:show|closer|покаж\w*|ближе|поближе|ближче|muestr\w*|ensen\w*|mas de cerca)\b")
ON_TOP = re.compile(r"\b(?:too|also|as well|тоже|также|теж|також|tambien)\b")
A_KIND = re.compile(r"\b(?:colou?rs?|sizes?|цвет\w*|размер\w*|кол[іь]?ор\w*|розмір\w*|color(?:es)?|tallas?)\b")
ANOTHER = re.compile(r"\b(?:other|another|else|different|друг\w*|ины\w*|инш\w*|інш\w*|otr[oa]s?)\b")
NO_WAIT = re.compile(
    r"\W*(?:no|nope|нет|ні|ой нет|ой ні)\W+(?:wait|hold on|погоди\w*|подожди\w*|стой|зачекай\w*|почекай\w*|espera)\b"
)
PAIR = re.compile(r"\b(?:pair|пара|пару|парочку|par)\b")
ABOUT_IT = re.compile(
    r"\b(?:it|they|them|these|those|this|он[аио]?|это|эти|он[иаі]|вон[аио]|ц[еяі]|ell[ao]s?|est[aeo]s?|es[aeo]s?)\b"
)
AND_TO = re.compile(r"\W*(?i:and|а|і|и|та|y)\s+(?i:to|in|до|в|во|у|на|a|en)\s+[A-ZА-ЯІЇЄҐ][\w'’ʼ-]{2,}")
THEN = re.compile(
    r"^\W*(?:(?:ok|okay|ок|окей|well|ну|vale)\W+)?(?:then|тогда|тоді|entonces|pues)\b|\b(?:then|entonces)\W*$"
)
DISLIKES = re.compile(
    r"^\W*(?:(?:but|only|just) (?:not|no)|(?:только|лишь|тільки|лише) не)\b|"
    r"\b(?:(?:does ?n[o']?t|doesnt|not) (?:really )?(?:like|love)|hates|"
    r"не (?:любит|нравятся|нравится|любить|подобаються|подобається)|no le gustan?|odia)\b"
)
WHICH = re.compile(
    r"\W*(?:а |и |y |and )?(?:(?:which|what) ones?|which|какие|які|cuales) "
    r"(?:are there|do you have|есть|є|hay|tiene\w*)\W*"
)
ONE_OF_THEM = re.compile(
    r"\b(?:one|1|одн\w+|una?|uno) (?:of (?:them|those|these)|из них|з них|de (?:ell[ao]s|es[ao]s))\b"
)
I_HAVE = re.compile(r"\b(?:i'?ve(?: got)?|i have(?: got)?|у меня|(?:у|в) мене|маю|tengo)\b")
THAT_ONE = re.compile(
    r"\W*(?:(?:that|this) one|ее|его|эту|этот|його|її|цю|цей|es[ae]|est[ae])"
    r"(?: (?:please|пожалуйста|будь ласка|por favor))?\W*"
)
FOLLOWS = re.compile(r"\W*(?:and|а|і|и|та|y|¿y)\b")
IT_AND = re.compile(
    r"\b(?:it|this|that|them|those|его|её|ее|это|эту|этот|его|їх|його|її|це|цю|цей|эти|их|ці|lo|la|esto|eso|est[ae]|es[ae]|"
    r"est[ao]s|es[ao]s)\s+(?:and|plus|и|і|та|й|y|e)\s"
)
PAYING = frozenset(["inform", "checkout", "out_of_scope"])
OF_MONEY = frozenset(
    [
        "explain_total",
        "haggle",
        "ask_price",
        "show_more",
        "inform",
        "find_product",
        "unknown",
        "out_of_scope",
        "show_cart",
    ]
)
OF_PRICE = frozenset(
    ["haggle", "show_more", "find_product", "browse", "ask_price", "compare", "unknown", "out_of_scope"]
)
FACTS_OF_GOODS = frozenset(["damaged_item", "return_item", "exchange_item", "track_order", "compare", "show_photo"])
SUMMED = frozenset(
    ["ask_price", "explain_total", "find_product", "add_to_cart", "show_cart", "faq_delivery", "checkout"]
)
NAMING = frozenset(["find_product", "add_to_cart", "inform", "unknown", "out_of_scope"])
BUYING = frozenset(["faq_wholesale", "edit_order", "reorder", "checkout", "show_cart", "manipulate"])
OF_PARCELS = frozenset(["damaged_item", "return_item", "exchange_item", "track_order", "cancel_order"])
TALK = frozenset(
    ["complain", "smalltalk", "praise", "greet", "goodbye", "thank", "out_of_scope", "human", "find_product"]
)
CHANGES = frozenset(["change_quantity", "change_variant", "remove_from_cart", "remove_promo", "switch_promo"])
OF_OTHER_THINGS = CHANGES | {
    "add_to_cart",
    "checkout",
    "inform",
    "product_details",
    "ask_fact",
    "ask_price",
    "ask_stock",
    "payment_done",
}
NUMBERS = frozenset(["add_to_cart", "inform", "unknown", "out_of_scope", "deny", "affirm", "find_product", "show_more"])
PLACES = frozenset(
    [
        "product_details",
        "find_product",
        "inform",
        "out_of_scope",
        "unknown",
        "show_more",
        "change_variant",
        "compare",
        "praise",
    ]
)
EXISTS = re.compile(
    r"^(?:а |и |і |y )?(?:есть|є|hay|tienen|tienes|do you have|have you got|got any|у вас есть|"
    r"у вас є)\b|\b(?:есть|є|будут?|буде|будуть)(?: ли)?\s*\?*$"
)
ANY_THERE = re.compile(r"\b(?:any|some|какой-?нибудь|какие-?нибудь|какой-то|якийсь|якісь|якийсь|algun[oa]?s?)\b")
WHEN = re.compile(r"\b(?:when|когда|коли|cuando)\b")
ARRIVES = re.compile(
    r"\b(?:come|comes|arrive\w*|get here|прид[её]т|приедет|привез\w*|достав\w*|прийде|приїде|доставл\w*|lleg\w*)\b"
)
REFUNDS = re.compile(
    r"\b(?:refund\w*|money|back|возвра\w*|верн\w*|деньг\w*|поверн\w*|грош\w*|reembols\w*|dinero|devol\w*)\b"
)
TELLS = re.compile(
    r"\b(?:tell|let|notify|ping|write|text|message|email|remind|alert|сообщ\w*|напиш\w*|дай\w*|пиш\w*|увед\w*|"
    r"повідом\w*|напом\w*|нагад\w*|avis\w*|escrib\w*|notific\w*)\b"
)
GIVES = re.compile(
    r"\b(?:take|i'll have|give|let's (?:do|say)|дава[йи]\w*|dava[iy]\w*|беру|beru|voz'?mu|viz'?mu|"
    r"бер[иі]мо?|возьм\w*|візьм\w*|дай\w*|dame|ponme|"
    r"me quedo|gimme|lemme have)\b"
)
A_COLOUR = re.compile(
    r"\b(?:red|green|blue|yellow|orange|purple|pink|brown|beige|gr[ae]y|black|white|gold(?:en)?|silver|navy|teal|"
    r"красн\w+|зелен\w+|син\w+|голуб\w+|желт\w+|оранжев\w+|фиолетов\w+|розов\w+|коричнев\w+|беж\w+|сер\w{2,3}|"
    r"черн\w+|бел(?:ый|ая|ое|ые|ого|ой|ую)|золот\w+|серебр\w+|червон\w+|блакитн\w+|жовт\w+|помаранчев\w+|рожев\w+|"
    r"сір\w+|чорн\w+|біл\w+|срібн\w+|roj[oa]s?|verdes?|azul(?:es)?|amarill[oa]s?|naranjas?|morad[oa]s?|rosas?|"
    r"marron(?:es)?|gris(?:es)?|negr[oa]s?|blanc[oa]s?|dorad[oa]s?|platead[oa]s?)\b"
)
CHEAPEST = re.compile(r"\b(?:cheapest|сам\w+ (?:по)?деше\w+|найдешевш\w*|(?:el|la|lo|las|los) mas barat\w*)\b")
_LESS = r"(?:cheap\w*|less expensive|(?:по)?дешев\w*|недорог\w*|barat\w*|economic\w*)"
_MORE = r"(?:(?:more|most) expensive|dearer|pricier|(?:по)?дорож\w*|car[oa]s?)"
THE_CHEAPER = re.compile(
    rf"\bthe {_LESS}(?: ones?)?\b|\b(?:т[ауое]\w*|ту|ц[яюе]\w*),? (?:что|як[аиуе]\w*|котор\w+|що) {_LESS}"
    r"|\b(?:сам\w+ |най)деше\w+"
    rf"|\bболее дешев\w+|\bдешевш[аеуоийіюм]+\b|\b(?:el|la|lo) (?:mas )?{_LESS}"
)
THE_DEARER = re.compile(
    rf"\bthe {_MORE}(?: ones?)?\b|\b(?:т[ауое]\w*|ту|ц[яюе]\w*),? (?:что|як[аиуе]\w*|котор\w+|що) {_MORE}"
    rf"|\bболее дорог\w+|\bдорожч[аеуоийіюм]+\b|\b(?:el|la|lo) mas {_MORE}"
)
WHICH_IS_CHEAPER = re.compile(rf"\b(?:which|what|какая|какой|какое|какие|яка|який|яке|які|cual)\b.*\b{_LESS}")
OR = re.compile(r"\b(?:or|или|либо|чи|або|o|u)\b")
BOTH = re.compile(
    r"\b(?:both|one of each|об[ае]|обидва|обидві|ambos|ambas|(?:las|los) dos|un[oa] de cada(?: un[oa])?|"
    r"по одной каждой|по одному каждого)\b"
)
CHEAPER_GOODS = re.compile(
    r"\b(?:something|anything|что\w*|чего\w*|чета|шось|щось|algo)\b.*\b(?:cheap\w*|under|below|less|"
    r"дешев\w*|подешевле|недорог\w*|barat\w*|menos)\b"
)
EMOJI = {
    "👍": "affirm",
    "👌": "affirm",
    "✅": "affirm",
    "👎": "deny",
    "👋": "greet",
    "🙏": "thank",
    "❤": "praise",
    "😍": "praise",
    "😡": "complain",
    "🤬": "complain",
}
PEOPLE = re.compile(
    r"\b(?:human|person|somebody|operator|manager|человек\w*|оператор\w*|менеджер\w*|людин\w*|humano|persona)\b"
)
SAVED_GOES = re.compile(
    r"\b(?:send|deliver|ship|change|instead|отправ\w*|достав\w*|вез\w*|відправ\w*|надішл\w*|envi\w*|mand\w*|mejor)\b"
)


def asks_elsewhere(said: Said) -> bool:
    """ "do you ship to Warsaw?": another country, or a place with a capital letter that nothing else explains."""
    if said.has("country"):
        return bool(SENDS.search(said.folded) or DELIVERING.search(said.folded))
    found = _TO_A_PLACE.search(said.text) if said.clause.question else None
    if found is None or said.has("city", "near", "point", "address"):
        return False
    start = said.clause.start + found.start("place")
    return not any(m.start <= start < m.end and m.kind not in ("strange", "person") for m in said.clause.mentions)


CARRIERS = re.compile(  # well-known ones; those of the shop are read as its ways of delivery
    r"\b(?:нов(?:а|ой|ою|ую|у|ая|ої) (?:пошт|почт)\w+|nov(?:a|oy|oiu|oyu) (?:posht|pocht)\w+|укрпошт\w+|укрпочт\w+|"
    r"сд[эе]к\w*|cdek|почт\w+ росси\w+|meest|міст експрес|(?<=\w )ups|fed ?ex|gls|dpd|omniva|venipak|lp ?express|"
    r"inpost|correos|seur|mrw|hermes|tnt|royal mail)\b"
)
