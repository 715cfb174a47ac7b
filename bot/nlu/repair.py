"""The words a customer must always be able to rely on, exactly as typed: human, cancel, undo, back, stop and their kin."""

from __future__ import annotations

from bot.nlu.text import spelled, words

_POLITE = spelled("please pls plz пожалуйста плиз пж будь ласка por favor porfa porfavor")

_PHRASES = {
    "human": (
        "human|a human|human being|real human|person|real person|a real person|a person|manager|the manager|"
        "operator|agent|live agent|support|consultant|call a manager|call the manager|call a human|"
        "i want a human|i need a human|i want a person|talk to a human|talk to a person|talk to a manager|"
        "speak to a human|speak to a person|speak to a manager|i want to talk to a human|"
        "i want to talk to a person|i want to speak to a human|i want to speak with a human|"
        "can i talk to a human|can i talk to a person|can i speak to a human|can i speak to a manager|human now|"
        "get me a human|give me a human|need a human|need human|человек|человека|живой человек|оператор|"
        "оператора|менеджер|менеджера|консультант|консультанта|позови человека|позовите человека|"
        "позови менеджера|позовите менеджера|позовите оператора|хочу человека|нужен человек|нужен менеджер|"
        "нужен оператор|хочу поговорить с человеком|хочу поговорить с менеджером|дайте человека|дай человека|"
        "соедините с менеджером|соедините с оператором|можно человека|можно менеджера|можно оператора|"
        "переключите на оператора|переключите на менеджера|живого человека|людина|людину|жива людина|живу людину|"
        "менеджера покличте|покличте менеджера|поклич менеджера|покличте людину|поклич людину|хочу людину|"
        "потрібна людина|потрібен менеджер|потрібен оператор|хочу поговорити з людиною|"
        "хочу поговорити з менеджером|з'єднайте з менеджером|з'єднайте з оператором|можна людину|можна менеджера|"
        "дайте людину|persona|una persona|humano|un humano|agente|un agente|operador|gerente|encargado|asesor|"
        "un asesor|quiero hablar con una persona|quiero hablar con un humano|quiero hablar con alguien|"
        "quiero una persona|hablar con una persona|hablar con un humano|hablar con un agente|"
        "pasame con una persona|pasame con un humano|necesito una persona|necesito un humano|atencion humana|"
        "puedo hablar con una persona|puedo hablar con alguien|quiero un humano|llama al encargado"
    ),
    "cancel": (
        "cancel|cancel it|cancel this|cancel that|never mind|nevermind|nvm|stop this|stop it|forget it|abort|"
        "i changed my mind|changed my mind|exit|quit|отмена|отменить|отмени|отмените|передумал|передумала|"
        "я передумал|я передумала|забудь|забудьте|забей|не важно|неважно|хватит|otmena|скасувати|скасуй|скасуйте|"
        "відміна|відмінити|відміни|передумав|я передумав|я передумала|забудь про це|неважливо|досить|cancelar|"
        "cancela|cancelalo|olvidalo|dejalo|ya no|he cambiado de opinion|cambie de opinion|me arrepenti|"
        "mejor no sigo|salir"
    ),
    "wait": (
        "wait|wait a minute|wait a sec|wait a second|wait a moment|hold on|hold on a sec|hang on|one moment|one sec|"
        "one second|one minute|just a moment|just a sec|just a second|just a minute|give me a minute|give me a moment|"
        "give me a sec|let me think|let me check|not so fast|подожди|подождите|погоди|погодите|постой|постойте|"
        "минутку|минуту|секунду|секундочку|одну минуту|одну минутку|подожди минуту|подождите минуту|"
        "подождите минутку|дай подумать|дайте подумать|дайте подумаю|не спешите|зачекай|зачекайте|почекай|почекайте|"
        "стривай|стривайте|хвилинку|хвилину|секундочку|одну хвилину|одну хвилинку|зачекайте хвилинку|дайте подумати|"
        "дай подумати|не поспішайте|espera|espere|esperad|espera un momento|espere un momento|un momento|un momentito|"
        "un segundo|un minuto|espera un segundo|espera un minuto|dame un momento|dame un segundo|dejame pensar|"
        "no tan rapido"
    ),
    "undo": (
        "undo|undo it|undo that|undo this|undo please|revert|take that back|put it back|roll back|rollback|"
        "отмени последнее|отменить последнее|верни|верни как было|верните как было|откати|откатить|верни назад|"
        "отмени это|скасуй останнє|скасувати останнє|поверни|поверни як було|поверніть як було|відкоти|відкоти назад|відкотити|откати назад|"
        "відміни останнє|deshacer|deshaz|deshazlo|deshacerlo|deshaz eso|revertir|deshaz lo ultimo|"
        "vuelve a como estaba"
    ),
    "restart": (
        "restart|start over|start again|start from scratch|begin again|reset|from scratch|from the beginning|"
        "start anew|начать заново|начать сначала|заново|сначала|с начала|давай сначала|начнем сначала|"
        "начнем заново|рестарт|сброс|с нуля|почати спочатку|почати заново|спочатку|заново|давай спочатку|"
        "почнемо спочатку|з нуля|з початку|почнімо спочатку|empezar de nuevo|empezar de cero|reiniciar|"
        "comenzar de nuevo|desde cero|desde el principio|empecemos de nuevo|empieza de nuevo"
    ),
    "help": (
        "help|help me|what can you do|what can i do here|how does it work|how does this work|commands|"
        "instructions|помощь|помогите|помоги|что ты умеешь|что вы умеете|как это работает|справка|команды|"
        "допомога|допоможіть|допоможи|що ти вмієш|що ви вмієте|як це працює|довідка|команди|ayuda|ayudame|"
        "que puedes hacer|que sabes hacer|como funciona|como funciona esto|comandos|instrucciones"
    ),
    "repeat": (
        "repeat|repeat that|repeat please|say again|say that again|say it again|come again|once again please|"
        "what did you say|again please|pardon|повтори|повторите|еще раз|еще раз можно|что вы сказали|"
        "что ты сказал|скажи еще раз|скажите еще раз|не расслышал|не расслышала|повтори ще раз|повторіть|ще раз|"
        "ще раз можна|що ви сказали|скажи ще раз|скажіть ще раз|не зрозумів повтори|repite|repitelo|repetir|"
        "otra vez|не понял|не поняла|я не понял|я не поняла|не зрозумів|не зрозуміла|я не зрозумів|i don't understand|"
        "i dont understand|didn't get that|didnt get that|no entiendo|no entendi|que dijiste|que has dicho|puedes repetir|puede repetir|dilo otra vez|como dijiste"
    ),
    "skip": (
        "skip|skip it|skip this|skip that|pass|leave it empty|leave it blank|next question|пропустить|пропусти|"
        "пропустите|пропускаем|скип|пропустим|следующий вопрос|пропустити|пропустіть|пропускаємо|"
        "наступне питання|omitir|omite|saltar|salta|saltalo|paso|siguiente pregunta|saltar esto"
    ),
    "go_back": (
        "back|go back|step back|one step back|previous|previous step|return|take me back|назад|вернись|вернуться|"
        "вернись назад|шаг назад|на шаг назад|предыдущий шаг|обратно|вернуться назад|повернись|повернутися|"
        "крок назад|на крок назад|попередній крок|повернутись|повернись назад|atras|volver|vuelve|volver atras|"
        "un paso atras|paso anterior|regresar|regresa|anterior|vuelve atras"
    ),
    "stop_marketing": (
        "unsubscribe|opt out|stop ads|stop the ads|no more ads|no ads|stop writing me ads|stop sending me ads|"
        "stop spamming me|stop spam|отписаться|отпишите меня|отпиши меня|отписка|стоп реклама|"
        "не присылайте рекламу|хватит рекламы|стоп рассылка|без рекламы|відписатися|відпишіть мене|відпиши мене|"
        "стоп реклама|не надсилайте рекламу|без реклами|досить реклами|стоп розсилка|darme de baja|baja|"
        "dame de baja|no mas publicidad|no quiero publicidad|basta de publicidad|no me envien publicidad|"
        "cancelar suscripcion"
    ),
    "start_marketing": (
        "subscribe|resubscribe|opt in|подписаться|подпишите меня|підписатися|підпишіть мене|suscribirme|"
        "suscribeme"
    ),
    "affirm": (
        "yes|y|yep|yeah|yup|ok|okay|sure|yes please|of course|go on|go ahead|right|that's right|correct|exactly|"
        "i agree|agreed|sounds good|fine|alright|all right|do it|yes do it|confirm|confirmed|i confirm|all good|all correct|looks good|perfect|great|deal|absolutely|"
        "definitely|ok yes|yes ok|sure thing|sure why not|yeah sure why not|why not|yeah why not|yes why not|почему бы и нет|а почему бы и нет|"
        "чому б ні|чому б і ні|por que no|да|ага|угу|ок|окей|давай|давайте|конечно|верно|правильно|хорошо|"
        "ладно|согласен|согласна|подтверждаю|точно|именно|да да|да давай|да конечно|все верно|все правильно|"
        "годится|подходит|пойдет|идет|da|так|звісно|звичайно|добре|гаразд|згода|згоден|згодна|підтверджую|вірно|"
        "так так|все вірно|все правильно|авжеж|саме так|так звісно|підходить|норм|si|sip|claro|vale|dale|"
        "de acuerdo|correcto|eso es|por supuesto|si claro|si gracias|adelante|venga|perfecto|esta bien|bueno|"
        "exacto|ok dale|confirmo"
    ),
    "deny": (
        "leave it|leave it so|leave it as is|leave it like that|оставь|оставьте|оставь так|оставьте так|пусть так|"
        "залиш|залиште|лишіть|залиште так|хай так|dejalo asi|asi esta bien|"
        "no|n|nope|nah|no thanks|no thank you|not now|no not now|not really|not yet|nothing else|none of these|none of them|none|ничего из этого|ни одну|ни один|больше ничего|"
        "більше нічого|жодну|жоден|нічого з цього|nada mas|ninguna|ninguno|ninguno de estos|don't|no don't|never|нет|неа|"
        "не|не надо|нет спасибо|не нужно|не сейчас|не хочу|нет не надо|пока нет|ни|ні|ні дякую|не треба|не зараз|"
        "не потрібно|ні не треба|поки ні|не хочу|no gracias|ahora no|no quiero|no por ahora|todavia no|mejor no|"
        "nop|para nada"
    ),
    "greet": (
        "hi|hello|hey|hiya|hi there|hello there|hey there|good morning|good afternoon|good evening|good day|"
        "привет|здравствуйте|здравствуй|здрасьте|здрасте|добрый день|доброе утро|добрый вечер|доброго дня|"
        "приветик|хай|привіт|вітаю|добрий день|доброго ранку|добрий вечір|доброго вечора|добридень|hola|buenas|"
        "buenos dias|buenas tardes|buenas noches|hola buenas|privet|zdravstvuyte|zdravstvuite|zdorovo|pryvit|алло|ало|hola buenos dias"
    ),
    "thank": (
        "thanks|thank you|thx|ty|thanks a lot|thank you very much|спасибо|спс|благодарю|большое спасибо|"
        "спасибо большое|дякую|дуже дякую|щиро дякую|gracias|muchas gracias|mil gracias"
    ),
    "goodbye": (
        "bye|goodbye|good bye|bye bye|see you|пока|до свидания|бувай|до побачення|adios|chao|hasta luego"
    ),
    "show_more": (
        "more|show more|show me more|next|others|еще|покажи еще|покажите еще|другие|дальше|ще|покажи ще|"
        "покажіть ще|інші|далі|mas|ver mas|muestrame mas|otros|siguiente"
    ),
    "show_cart": (
        "cart|my cart|basket|show cart|show my cart|корзина|моя корзина|покажи корзину|кошик|мій кошик|"
        "покажи кошик|carrito|mi carrito|ver carrito"
    ),
    "checkout": (
        "checkout|check out|чекаут|chekaut|pay|order|order it|buy|buy now|ok pay|pay now|place order|place the order|оплатить|"
        "оформить|оформляй|оформляйте|оформляем|оформляю|оформим|заказываем|оформить заказ|заказать|оплата заказа|купить|оформити|оформлюй|оформлюйте|"
        "оформити замовлення|замовити|оплатити|сплатити|заплатити|готова сплатити|готовий сплатити|готова оплатити|"
        "готовий оплатити|готова оплатить|готов оплатить|готова платить|готов платить|заплатить|купити|оформлюємо|pagar|comprar|finalizar|tramitar|"
        "pedir|hacer pedido|оплата|payment|quiero pedir|finalizar compra|quiero pagar|hacer el pedido|comprar ahora"
    ),
    "clear_cart": (
        "cancel everything|cancel it all|cancel all|remove everything|delete everything|clear everything|"
        "take everything out|i don't want anything anymore|i dont want anything anymore|отмени все|отмените все|"
        "отменить все|убери все|уберите все|удали все|удалите все|очисти корзину|очистите корзину|скасуй все|"
        "скасуйте все|скасувати все|прибери все|приберіть все|видали все|видаліть все|очисти кошик|очистіть кошик|"
        "cancela todo|cancelar todo|cancelad todo|cancelen todo|cancelalo todo|quita todo|quitalo todo|borra todo|"
        "borralo todo|elimina todo|ya no quiero nada|vacia el carrito"
    ),
    "size_help": (
        "size guide|size chart|таблица размеров|размерная сетка|таблиця розмірів|розмірна сітка|guia de tallas|"
        "tabla de tallas"
    ),
    "resume": (
        "continue|resume|carry on|i'm back|im back|i am back|я вернулся|я вернулась|я повернувся|я повернулась|"
        "ya volvi|he vuelto|продолжим|продолжить|продолжай|продовжимо|продовжити|продовжуй|continuar|"
        "continua|seguir|sigamos"
    ),
    "complain": (
        "wtf|useless|this is useless|i already told you|i already said that|я уже говорил|я уже говорила|"
        "я же сказал|я вже казав|я вже казала|ya lo dije|ya te lo dije|ya lo he dicho"
    ),
}  # fmt: skip
_EXACT = {phrase: intent for intent, phrases in _PHRASES.items() for phrase in phrases.split("|")}
SIDE_DOORS = spelled("human cancel undo restart help repeat skip go_back wait stop_marketing start_marketing")


def exact(text: str) -> str | None:
    """The intent of a message that is one of these phrases, politeness and punctuation aside."""
    if text.strip(" .!") in ("STOP", "СТОП"):
        return "stop_marketing"
    if text.strip(" .!") == "START":
        return "start_marketing"
    plain = [word for word in words(text) if word not in _POLITE]
    if len(plain) > 8:
        return None
    return _EXACT.get(" ".join(plain))
