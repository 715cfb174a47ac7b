"""Claims of what may be done at any time, what was done already, and what the goods bear, in four languages. Folded."""

from __future__ import annotations

DEEDS: tuple[tuple[str, str], ...] = (
    ("whenever", r"whenever|any ?time|at any (?:time|moment)|no (?:time )?limit|когда (?:угодно|захот\w+|пожелае\w+)|"
                 r"в любо[йе] (?:время|момент|день)|без огранич\w+|будь-коли|коли (?:завгодно|забажає\w+|захоч\w+)|"
                 r"(?:у|в) будь-який (?:час|момент|день)|без обмежен\w+|cuando (?:quieras?|te apetezca|gustes?)|"
                 r"en cualquier momento|sin limite\w*"),
    ("match", r"(?:match|beat)\w* (?:any |every |their |the |that )?(?:lower |other |competitor\w* )?price\w*|"
              r"price[ -]match\w*|"
              r"найдете дешевле|(?:подстро\w+|сравня\w+|уравня\w+) (?:под )?(?:люб\w+ )?(?:их )?цен\w+|"
              r"знайдете дешевше|"
              r"(?:зрівня\w+|підлашту\w+) (?:під )?(?:будь-як\w+ )?цін\w+|(?:igual|mejor)amos (?:cualquier |el |"
              r"todos? )?(?:los )?"
              r"precio\w*|lo encuentras mas barato"),
    ("rise", r"price\w* (?:\w+ ){0,2}(?:go(?:es|ing)? up|rise\w*|rising|increas\w+)|price (?:rise|increase|hike)|"
             r"подорожа\w+|цен\w+ (?:\w+ ){0,2}(?:вырас\w+|раст\w+|подним\w+|повыс\w+|повыша\w+)|подорожча\w+|"
             r"цін\w+ (?:\w+ ){0,2}(?:зрост\w+|підні\w+|підвищ\w+|вирост\w+)|precios? (?:\w+ ){0,2}sub\w+|"
             r"sub(?:e|en|ira|iran) (?:\w+ ){0,2}(?:de )?precios?"),
    ("pair", r"(?:a|per|for (?:a|the|each)) (?:pair|set)(?! of)|за (?:пару(?! \w*(?:дн|час|мин|нед|хвил|год|діб|"
         r"тиж|мес|міс))|"
             r"комплект|набор|набір)|(?:пара|комплект|набор|набір) за|(?:el|por|al|la) (?:par|pareja|juego|"
             r"conjunto)"),
    ("dishwasher", r"dishwasher\w*|посудомо\w+|посудоми\w+|lavavajillas"),
    ("microwave", r"microwav\w*|микроволнов\w+|мікрохвил\w+|microondas"),
    ("waterproof", r"water ?(?:proof|resistant)|водо(?:непрониц|стойк)\w+|водо(?:непроник|стійк)\w+|"
                   r"impermeable\w*|resistentes? al agua"),
    ("washable", r"machine[ -]wash\w*|washable|washing machine|стира\w+ в машин\w+|в стиральн\w+|(?:прати|"
                 r"прання) (?:в|у) "
                 r"(?:пральн\w+ )?машин\w+|(?:lava\w+ (?:a|en) )?(?:la )?(?:maquina|lavadora)"),
    ("reserved", r"(?:is|are|it's|i've|we've|have|been|i|we) (?:\w+ )?"
                 r"(?:reserved|put aside|set aside|held(?: back)?|kept)|"
                 r"put \w+ aside for|"
                 r"held for|(?:отлож|заброни|зарезерв|придерж)\w+|(?:відкла|заброню|зарезерв|притрим)\w+|"
                 r"(?:reserv|apart|guard)(?:ad\w+|amos|e|o)"),
    ("placed", r"(?:order|purchase)(?:'s| is| has| was)(?: been| now| already)* (?:placed|confirmed|booked|made|"
               r"in|through|complete\w*)|"
               r"(?:i|we)(?:'ve| have)? (?:just |already )?(?:placed|confirmed|made|completed|booked) (?:your|the|"
               r"an) (?:order|purchase)|"
               r"(?:заказ|замовлення) (?:\w+ ){0,3}?(?:оформлен\w*|размещен\w*|подтвержден\w*|розміщен\w*|"
               r"підтверджен\w*|принят|прийнят\w)|"
               r"(?:оформил\w?|разместил\w?|подтвердил\w?|оформи(?:в|ла)|розмісти(?:в|ла)|підтверди(?:в|"
               r"ла)) (?:\w+ )?"
               r"(?:заказ|замовлення)|(?:he|hemos) (?:\w+ )?(?:hecho|realizado|tramitado|"
               r"confirmado) (?:ya )?(?:tu|su|el) (?:pedido|compra)|"
               r"pedido (?:\w+ ){0,3}?(?:esta|queda|ha sido) (?:\w+ )?(?:hecho|realizado|tramitado|confirmado)"),
    ("refunded", r"refund\w*(?:'s| is| has| was)(?: been| now| already| being)* (?:issued|sent|made|processed|"
                 r"done|approved|paid)|"
                 r"(?:i|we)(?:'ve| have|'ll| will)? (?:just |already )?refund\w*|(?:i|we)(?:'ve|"
                 r" have)? (?:\w+ )?(?:issued|sent) (?:a|the|your) refund|"
                 r"(?:возврат|повернення) (?:\w+ )?(?:оформлен\w*|выполнен|сделан|зроблен\w|виконан\w|одобрен|"
                 r"схвален\w)|"
                 r"(?:деньги|средства|гроші|кошти) (?:\w+ ){0,2}?(?:верн\w+|возвра[тщ]\w+|отправлен\w*|поверн\w+|"
                 r"надіслан\w)|"
                 r"(?:вернул\w?|поверну(?:в|ла|ли)) (?:вам )?(?:деньги|гроші|кошти)|"
                 r"reembolso (?:\w+ ){0,2}?(?:hecho|emitido|realizado|enviado|tramitado)|"
                 r"(?:te |le )?(?:he|hemos) (?:\w+ )?(?:devuelto|reembolsado)|(?:el|tu|su) dinero (?:te |"
                 r"se )?(?:lo )?devolv\w+|"
                 r"te devolv\w+ (?:el|tu) dinero"),
    ("cancelled", r"(?:order|it)(?:'s| is| has| was)(?: been| now| already)* cancell?ed|(?:i|we)(?:'ve|"
                  r" have)? (?:\w+ )?cancell?ed|"
                  r"(?:я|мы|ми|заказ|замовлення) (?:\w+ )?(?:отменил\w?|отменен|скасува(?:в|ла|ли)|скасован\w)|"
                  r"(?:he|hemos|esta|queda) (?:\w+ )?(?:cancelad|anulad)\w"),
    ("shipped", r"(?:i|we)(?:'ve| have)? (?:\w+ )?(?:shipped|dispatched|sent (?:it|your|the))|(?:parcel|order|"
                r"it)(?:'s| is| has| was)"
                r"(?: been| now| already)* (?:shipped|dispatched|sent|on its way)|(?:посылка|заказ|замовлення|"
                r"посилка|посилку|посылку) "
                r"(?:\w+ )?(?:отправлен\w?|отправил\w?|выслал\w?|в пути|в дороге|відправлен\w|надіслан\w|"
                r"відправи(?:в|ла|ли)|в дорозі)|"
                r"(?:он|она|вона|воно|он[ио]) (?:уже |вже )?(?:в пути|в дороге|в дорозі)|"
                r"(?:he|hemos) (?:\w+ )?enviado|(?:paquete|pedido) (?:\w+ )?(?:enviado|en camino)|va de camino"),
)  # fmt: skip
