"""Small words of four languages that every shop needs: colours, relatives, politeness, questions, beginnings of clauses."""

from __future__ import annotations

from bot.nlu.text import spelled

COLOURS: dict[str, str] = {
    "black": "black черный черная черное черные черную черного черной чорний чорна чорне чорні чорну чорного чорної "
    "negro negra negros negras chernyi chernaya",
    "white": "white белый белая белое белые белую белого белой білий біла біле білі білу білого білої blanco blanca "
    "blancos blancas",
    "blue": "blue синий синяя синее синие синюю голубой голубая голубую синій синя синє сині синю блакитний блакитна "
    "azul azules",
    "green": "green зеленый зеленая зеленое зеленые зеленую зелений зелена зелене зелені зелену verde verdes",
    "grey": "grey gray серый серая серое серые серую сірий сіра сіре сірі сіру gris grises",
    "red": "red красный красная красное красные красную червоний червона червоне червону rojo roja rojos rojas",
    "yellow": "yellow желтый желтая желтое желтую жовтий жовта жовту amarillo amarilla",
    "pink": "pink розовый розовая розовую рожевий рожева рожеву rosa",
    "brown": "brown коричневый коричневая коричневую коричневий коричнева marron",
    "beige": "beige бежевый бежевая бежевую бежевий бежева",
}
SIZES: dict[str, str] = {
    "S": "small эска эску эсочку еска еску eska maleny маленькую pequena pequeno",
    "M": "м medium эмка эмку эмочку эмки емка емку emka mediana mediano",
    "L": "л эл large элька эльку элечку эльки елька ельку елечку elka elku grande",
    "XL": "иксэль иксэлька иксэльку хл ікс-ель икс-эль",
}
RELATIVES: dict[str, str] = {
    "sister": "sister sis сестра сестре сестру сестры сестрі сестричці сестренке hermana sestre",
    "brother": "brother bro брат брату брата братові братику hermano",
    "mother": "mother mom mum mama мама маме маму мамы мамі мати madre mami",
    "father": "father dad papa папа папе папу тато тату татові батьку отцу padre",
    "wife": "wife жена жене жену жены дружина дружині дружину esposa mujer zheny",
    "husband": "husband муж мужу мужа чоловік чоловіку чоловікові esposo marido",
    "girlfriend": "girlfriend девушке девушка девушку дівчині дівчина дівчину novia",
    "boyfriend": "boyfriend парню парень парня хлопцю хлопець хлопцеві novio",
    "friend": "friend друг другу друга подруга подруге подруги подругу друзі подрузі подрузі amiga amigo",
    "child": "child kid ребенок ребенку ребенка дитина дитині дитину nino nina hijos",
    "daughter": "daughter дочь дочке дочери дочка дочці доньці hija",
    "son": "son сын сыну сына син сину синові hijo",
    "boss": "boss начальник начальнику начальнице шеф шефу керівник керівнику jefe jefa",
    "colleague": "colleague coworker colleagues коллега коллеге коллегам колега колезі колегам companero companera",
    "teacher": "teacher учитель учителю учительнице вчитель вчителю вчительці maestra maestro profesora profesor",
    "grandmother": "grandmother grandma granny бабушка бабушке бабушку бабуся бабусі бабусю abuela",
    "grandfather": "grandfather grandpa дедушка дедушке дедушку дідусь дідусю abuelo",
}
OCCASIONS: dict[str, str] = {
    "birthday": "birthday рождения народження cumpleanos др",
    "christmas": "christmas xmas рождество рождеству різдво різдва navidad",
    "new_year": "новый новому новий нового nochevieja",
    "wedding": "wedding свадьба свадьбу весілля boda",
    "anniversary": "anniversary годовщина годовщину юбилей річниця річницю ювілей aniversario",
    "housewarming": "housewarming новоселье новосілля",
    "valentine": "valentine valentines валентина валентин valentin",
    "cosy": "cosy cozy уютное уютный уютная затишне затишний затишна acogedor acogedora",
    "practical": "practical useful практичное практичный практичная полезное полезный полезная практичне практичний "
    "корисне корисний practico practica util",
    "wear": "wear clothes clothing одежда одежду одежды одяг одягу вбрання ropa vestir prenda",
}
_NEW_YEAR = ("год", "году", "рік", "року")

LANGUAGES: dict[str, str] = {
    "en": "english английский английском английски по-английски англійська англійську англійською английский ingles по-англійськи",
    "ru": "russian русский русском по-русски русски російська російською ruso russki",
    "uk": "ukrainian украинский украинском по-украински українська українською українській ucraniano ukrainski",
    "es": "spanish español espanol castellano испанский испанском по-испански іспанська іспанську іспанською",
    "de": "german deutsch немецкий немецком по-немецки німецька німецькою aleman",
    "pl": "polish polski польский польском по-польски польська польською polaco",
    "lt": "lithuanian lietuviu литовский литовском по-литовски литовська литовською lituano",
}

FILLERS = spelled(  # en
    "unos unas одни as only just plus только лише тільки solo the a an of in with for please pls plz and or then just some that this those these one ones ok okay hmm hm um well "
    "so oh ah hey also too i me my to it's is size color colour you can could would like will ll i'll i'd let's lets by "
    "at on via pay "
    # ru, uk
    "и а или да же то это эту этот эта ну пожалуйста плиз тоже еще мне нам в во на с со по для из цвет цвета размер "
    "размера цветом давай давайте тогда значит вот davai davay davaite davayte будьте добры і й та або ще будь ласка мені нам у в з зі за до "
    "розмір розміру колір кольору тоді давай ось цю цей ця це ой "
    # es
    "de del la el los las lo y o e con para por favor porfa en talla color tambien pues entonces mejor me un una uno que "
    "vale a al quiero"
)
INTERJECTIONS = spelled(
    "подскажите подскажи підкажіть підкажи скажите скажіть disculpe disculpa perdona oops ups упс йой espera esperad espere подожди подождите погоди погодите зачекайте почекай почекайте hold стоп "
    "ok okay okey k so well hmm hm um uh oh ah wait hey и а ну ой эм хм так значит ок окей слушай смотри "
    "ладно хорошо тогда добре гаразд слухай зачекай эй vale bueno pues entonces oye a ver listo actually "
    "ясно понятно понял поняла зрозуміло зрозумів зрозуміла entendido understood rather meant я имел имела виду увазі "
    "sorry perdon простите вибачте извините eh mientras meanwhile ого wow вау ух таки жаль шкода pity lastima lol haha хаха ахах ахаха jaja jajaja"
)
WEAK_YES = spelled("ok okay okey k ок окей ладно хорошо добре гаразд vale bueno listo alright fine")
STRONG_YES = spelled(
    "yes yeah yep yup ye sure please pls да ага угу давай давайте конечно da davai так звісно авжеж "
    "si claro dale venga adelante"
)
PLAIN_NO = spelled("no nope nah not нет не неа нее ні нє не no nop")
GREETINGS = spelled(
    "hi hello hey hiya привет здравствуйте здрасьте здрасте здравствуй приветик привіт вітаю hola buenas "
    "privet pryvit добридень"
)
GREETING_PAIRS = (
    "good morning", "good afternoon", "good evening", "добрый день", "добрый вечер", "доброе утро", "добрий день",
    "доброго дня", "добрий вечір", "доброго ранку", "доброго вечора", "buenos dias", "buenas tardes", "buenas noches",
    "доброго времени суток", "dobryi den", "hi there", "hello there", "hey there",
)  # fmt: skip

QUESTION_WORDS = spelled(
    "whats what's wheres where's hows how's what how where when why which who whose is are do does did can could would will has have should am "
    "any что чем как где когда почему зачем какой какая какие какую кто сколько скока скоко куда откуда "
    "можно есть ли чего почем що як де коли чому навіщо який яка які яку хто скільки куди чи можна є que "
    "como donde cuando cuanto cuanta cuantos cuantas cual cuales quien hay tienen tienes tiene puedo "
    "puede pueden skolko gde kak mozhno est"
)
CLAUSE_BEGINNINGS = frozenset(
    # verbs and question words that begin a wish or a question of its own
    [
        "add",
        "remove",
        "delete",
        "drop",
        "take",
        "put",
        "send",
        "ship",
        "deliver",
        "apply",
        "use",
        "make",
        "change",
        "give",
        "show",
        "tell",
        "order",
        "pay",
        "buy",
        "checkout",
        "call",
        "cancel",
        "let",
        "can",
        "could",
        "do",
        "does",
        "is",
        "are",
        "how",
        "what",
        "where",
        "when",
        "why",
        "which",
        "will",
        "would",
        "please",
        "want",
        "need",
        "i",
        "i'd",
        "i'll",
        "im",
        "i'm",
        "we",
        "it",
        "my",
        "don't",
        "dont",
        "without",
        "добавь",
        "добавьте",
        "убери",
        "уберите",
        "удали",
        "удалите",
        "возьму",
        "vozmu",
        "voz'mu",
        "vizmu",
        "положи",
        "положите",
        "отправь",
        "отправьте",
        "доставьте",
        "доставь",
        "примени",
        "примените",
        "сделай",
        "сделайте",
        "покажи",
        "покажите",
        "скажи",
        "скажите",
        "расскажи",
        "хочу",
        "нужно",
        "нужен",
        "нужна",
        "есть",
        "можно",
        "как",
        "сколько",
        "скока",
        "где",
        "когда",
        "почему",
        "какой",
        "какая",
        "какие",
        "доставка",
        "оплата",
        "оплачу",
        "заплачу",
        "я",
        "мне",
        "мы",
        "дайте",
        "дай",
        "оформи",
        "оформите",
        "оформляй",
        "оформляйте",
        "поменяй",
        "поменяйте",
        "позови",
        "позовите",
        "додай",
        "додайте",
        "прибери",
        "приберіть",
        "видали",
        "видаліть",
        "візьму",
        "поклади",
        "покладіть",
        "відправ",
        "відправте",
        "доставте",
        "застосуй",
        "застосуйте",
        "зроби",
        "зробіть",
        "покажи",
        "покажіть",
        "скажи",
        "скажіть",
        "розкажіть",
        "хочу",
        "потрібно",
        "потрібен",
        "потрібна",
        "є",
        "чи",
        "можна",
        "як",
        "скільки",
        "де",
        "коли",
        "чому",
        "який",
        "яка",
        "які",
        "оплата",
        "сплачу",
        "мені",
        "ми",
        "дайте",
        "оформ",
        "оформлюй",
        "оформлюйте",
        "оформіть",
        "поміняй",
        "поміняйте",
        "поклич",
        "покличте",
        "anade",
        "anadir",
        "agrega",
        "agregar",
        "quita",
        "quitar",
        "pon",
        "ponme",
        "saca",
        "envia",
        "envialo",
        "enviamelo",
        "mandalo",
        "manda",
        "aplica",
        "usa",
        "haz",
        "cambia",
        "dame",
        "muestra",
        "muestrame",
        "dime",
        "quiero",
        "necesito",
        "hay",
        "tienen",
        "tienes",
        "puedo",
        "puede",
        "como",
        "cuanto",
        "cuantos",
        "donde",
        "cuando",
        "cual",
        "pago",
        "pagar",
        "pagare",
        "borra",
        "elimina",
        "me",
        "hacen",
        "entregan",
        "envian",
        "aceptan",
    ]
)
HEDGES = spelled(
    "maybe perhaps probably might unsure thinking может возможно наверное наверно подумаю думаю мабуть "
    "можливо напевно подумаю quizas quiza talvez acaso"
)
EACH = (
    "for each", "each", "for every", "per tee", "к каждой", "к каждому", "на каждую", "на каждый", "для каждой",
    "для каждого", "каждой", "до кожної", "до кожного", "для кожної", "на кожну", "кожній", "para cada una",
    "para cada uno", "para cada", "cada una", "под каждую", "под каждый", "під кожну", "по одной на", "por cada una", "cada uno", "con cada",
)  # fmt: skip


SMALL_WORDS = FILLERS | INTERJECTIONS | WEAK_YES | PLAIN_NO | GREETINGS | QUESTION_WORDS | CLAUSE_BEGINNINGS | HEDGES


def index(table: dict[str, str]) -> dict[str, str]:
    """word -> key of one of the tables above."""
    return {word: key for key, spelled in table.items() for word in spelled.split()}
