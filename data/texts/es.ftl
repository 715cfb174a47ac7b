### Lo que la tienda dice en español. Conserva cada { $name }: la tienda lo rellena.
### Los textos de otros idiomas están junto a este archivo; las mismas claves, en el mismo orden.

## Saludo

greeting-hello = ¡Hola! Soy el asistente de la tienda, un bot: te ayudo a elegir, tomo tu pedido y sigo tu paquete. Si prefieres hablar con una persona, solo tienes que pedirlo. ¿Qué buscas?
greeting-friend = ¡Hola{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }! Qué gusto verte de nuevo. ¿Qué puedo hacer hoy por ti?
greeting-hi = ¡Hola!
greeting-here = Sí, aquí estoy. ¿Qué buscas?
greeting-welcome-back = ¡Qué bueno verte de nuevo{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }!
greeting-back-empty = ¡Qué bueno verte de nuevo! Tu carrito está vacío ahora. ¿Damos una vuelta por la tienda?
greeting-go-on = Seguimos.

## Menú, primeras preguntas, comandos

menu-greeting = ¡Hola! Somos { $shop }. Pregunta por los artículos, haz tu pedido aquí mismo, sigue tu paquete. Responde un bot; si lo pides, una persona.
menu-catalogue = Ver la tienda
menu-gift = Buscar un regalo
menu-cart = Mi carrito
menu-orders = ¿Dónde está mi pedido?
menu-human = Hablar con una persona
menu-ask-gift = ¿Me ayudas a encontrar un regalo?
menu-ask-catalogue = ¿Qué tenéis?
menu-ask-delivery = ¿Cómo enviáis y cuánto cuesta?
menu-ask-human = ¿Puedo hablar con una persona?
menu-command-catalogue = Ver qué tenemos
menu-command-cart = Ver mi carrito
menu-command-checkout = Hacer el pedido
menu-command-orders = ¿Dónde está mi pedido?
menu-command-human = Avisar a una persona
menu-command-help = Qué sé hacer
menu-command-cancel = Dejar lo empezado

## Charla breve y lo que no hacemos

smalltalk-goodbye = ¡Hasta pronto! Vuelve cuando quieras.
smalltalk-welcome = ¡De nada!
smalltalk-praise = ¡Gracias, qué amable!
smalltalk-sorry = Lo siento mucho.
smalltalk-i-am-a-bot = Soy un bot que trabaja para esta tienda. Puedo ayudarte a elegir, a hacer un pedido y a seguir un paquete; si lo pides, te atiende una persona.
smalltalk-small = ¡Muy bien, gracias! ¿Buscamos algo bonito para ti?
smalltalk-language = Claro, seguimos en español.
smalltalk-out-of-scope = Eso queda fuera de mi alcance: solo conozco esta tienda. Puedo ayudarte con artículos, pedidos y envíos.
smalltalk-photo = Gracias por la imagen. Yo no puedo ver lo que muestra; una persona, sí. ¿De qué se trata?
smalltalk-card-number = Por favor, no escribas números de tarjeta en el chat: he ocultado este y la tienda no lo guarda en ningún sitio. Se paga en la página del servicio de pago, que te envío cuando el pedido esté listo. El resto de ese mensaje lo he dejado aparte; dímelo otra vez sin los datos de la tarjeta.
smalltalk-location = Gracias. Para un envío necesito la dirección por escrito: calle, número y ciudad.
smalltalk-contact = ¡Gracias! Te pediré un teléfono cuando hagas el pedido.
smalltalk-unreadable = Solo puedo leer texto. ¿Me lo escribes en pocas palabras? Si no, aviso a una persona.
smalltalk-mention = ¡Gracias por mencionarnos! Si quieres preguntar algo, escríbelo aquí mismo.
comment-intro = ¡Hola! Soy el bot de la tienda. Escribiste en nuestra publicación: «{ $words }». Responde aquí mismo y seguimos.
follow-done = Hecho: si en el otro mensajero ya no me dejan escribirte, te contaré aquí dónde está tu paquete. Para dejarlo, escribe «darme de baja».
smalltalk-yes-what = ¡Con gusto! ¿Qué hago?

## Cuando no nos entendemos

repair-first-miss = No lo he entendido bien. ¿Me lo dices con otras palabras?
repair-either = Quiero entenderte bien: ¿a cuál de estas cosas te refieres?
repair-second-miss = Lo siento, sigo sin entenderlo.
repair-offer-person = ¿Aviso a una persona?
repair-cancelled = De acuerdo, lo dejamos aquí. Tu carrito sigue guardado.
repair-nothing-to-cancel = Ahora mismo no hay nada que cancelar. ¿Qué quieres hacer?
repair-as-you-wish = ¡Como quieras!
repair-back = De acuerdo, un paso atrás.
repair-nothing-to-go-back = Aquí no hay un paso anterior. ¿Qué quieres hacer?
repair-restarted = Empecemos de nuevo. Tu carrito sigue guardado. ¿Qué buscas?
repair-take-your-time = Claro, sin prisa.
repair-nothing-said = Todavía no he dicho nada. ¿Qué buscas?
repair-help = Puedes preguntarme por artículos, precios y envíos, escribir "añade dos tazas negras", usar un código promocional, pedir y pagar aquí mismo, preguntar "¿dónde está mi pedido?", escribir "deshacer", o "humano" para hablar con una persona.
repair-skipped = De acuerdo, lo dejamos en blanco.
repair-cannot-skip = Este dato lo necesito para el pedido.
repair-stale = Ese botón es de un paso anterior. No ha cambiado nada.
repair-what-now = No he cambiado nada. ¿Qué hacemos ahora?
repair-noted = Anotado.
repair-noted-what = Anotado: { $what }.
repair-failed = Algo ha fallado por nuestra parte y no he podido atender tu último mensaje. Una persona lo revisará; escríbelo otra vez, por favor.

## Buscar artículos

discovery-found = { $count ->
    [one] Tengo esta opción:
   *[other] Tengo estas opciones:
 }
discovery-nothing = No encuentro nada parecido. ¿Te muestro lo que hay o aviso a una persona?
discovery-no-more = Eso es todo lo que tenemos de ese tipo.
discovery-none-cheaper = No tenemos nada más barato que eso. ¿Te muestro las ofertas de ahora?
discovery-no-suggestion = Por { $budget } no encuentro nada ahora mismo. ¿Te muestro lo que hay?
discovery-suggested = { $count ->
    [one] Tengo { $count } idea por un máximo de { $budget }:
   *[other] Tengo { $count } ideas por un máximo de { $budget }:
 }
discovery-suggested-free = { $count ->
    [one] Tengo { $count } idea:
   *[other] Tengo { $count } ideas:
 }
discovery-narrow = ¿Qué encaja mejor: algo acogedor, algo práctico o algo para ponerse?
discovery-variant = { $name }: { $price }. { $stock ->
    [low] { $count ->
        [one] Solo queda { $count }.
       *[other] Solo quedan { $count }.
     }
   *[there] Hay existencias.
 }
discovery-product = { $name }. { $description }
discovery-from-price = desde { $price }
discovery-also-back = { $name }: habrá de nuevo el { $day }.
discovery-cheapest-delivery = Envío desde { $price } ({ $name }).
discovery-not-like-that = { $kinds ->
    [one] { $name }: solo hay esta versión.
   *[other] { $name }: así no lo tenemos. Esto es lo que hay:
}
discovery-not-like-that-now = { $name }: así no queda ahora mismo. Esto es lo que hay:
discovery-which = ¿Cuál quieres?
discovery-which-product = ¿A cuál te refieres?
discovery-unknown-post = No sé cuál de nuestros artículos aparece en esa publicación. ¿Cómo se llama o qué aspecto tiene?
showcase-from = desde { $price }
showcase-sold-out = { $price }, sin existencias por ahora
discovery-sold-out = { $name }: sin existencias por ahora.
discovery-sold-out-until = { $name }: sin existencias por ahora; habrá de nuevo el { $day }.
discovery-instead = Disponible ahora mismo:
    { $variants }
discovery-alert-or-other = ¿Te sirve alguna de estas opciones o te aviso cuando haya de nuevo?
discovery-alert = ¿Te aviso cuando haya de nuevo?
discovery-watched = Hecho: te escribo en cuanto volvamos a tener { $name }.
discovery-watched-already = Ya estás en la lista: te escribo en cuanto volvamos a tener { $name }.
discovery-back-in-stock = Buenas noticias: volvemos a tener { $name }, por { $price }. ¿Añado una unidad a tu carrito?
discovery-fact = { $name }, { $fact }: { $value }.
discovery-fact-unknown = Sobre { $name } no lo sé con certeza y no quiero adivinar.
discovery-description = La descripción dice: { $description }
discovery-ask-a-person = ¿Se lo pregunto al equipo?
discovery-compare-what = ¿Qué dos artículos comparo? Dime cuáles o escribe "la primera con la segunda".
discovery-compared = Comparación:
    { $lines }
discovery-compare-line = { $name }: { $price }, { $stock ->
    [low] { $count ->
        [one] solo queda { $count }
       *[other] solo quedan { $count }
     }
   *[there] hay existencias
 }
discovery-compare-facts = Diferencias:
    { $lines }
discovery-compare-fact = { $fact }: { $values }
discovery-no-difference = Según los datos que tengo, no hay otra diferencia: el precio es el mismo.
discovery-cheapest = El precio más bajo es el de { $name }: { $price }.

stock-there = Hay existencias
stock-low = { $count ->
    [one] Solo queda { $count }
   *[other] Solo quedan { $count }
 }
stock-back-on = Sin existencias hasta el { $day }
stock-none = Sin existencias

variant-line = { $name }: { $price }
list-line = { $n }. { $line }

## Carrito

cart-add-it = ¿Lo añado al carrito?
cart-which-of-these = ¿Cuál de estos quieres?
cart-added = He añadido: { $items }.
cart-set = { $name }: ahora { $quantity } { $quantity ->
    [one] unidad
   *[other] unidades
 }.
cart-removed = He quitado: { $items }.
cart-variant = Cambio hecho: { $name }.
cart-cleared = Tu carrito está vacío ahora. Con "deshacer" lo recuperas.
cart-same-as = Lo mismo que en el pedido { $number }.
cart-no-longer-sold = Ya no está a la venta: { $names }.
cart-undone = He deshecho el cambio: { $items }.
cart-empty = Tu carrito está vacío: { $total }.
cart-one-line = { $line }
    Total: { $total }
cart-bill = En tu carrito:
    { $bill }
cart-is-here = Tu carrito sigue aquí. He vuelto a comprobar precios y existencias.
cart-cut = { $name }: { $free ->
    [0] ya no hay existencias, así que dejo { $free }
    [one] solo queda { $free }, así que dejo { $free }
   *[other] solo quedan { $free }, así que dejo { $free }
 } en lugar de { $wanted }.
cart-repriced = { $name } ahora cuesta { $new } en lugar de { $old }.
cart-total-moved = El total es { $total } en lugar de { $before }.
cart-go-on = ¿Seguimos con este carrito o empezamos de nuevo?
cart-only = { $name }: { $free ->
    [0] ya no hay existencias.
    [one] solo queda { $free }.
   *[other] solo quedan { $free }.
 }
cart-short-ask = { $options }
    ¿Qué prefieres?
cart-take-both = { $free } × { $name } + { $missing } × { $other }: { $total }
cart-take-free = { $free } × { $name }: { $total }
cart-which-variant = Hay varias versiones de { $name }:
    { $variants }
    ¿Cuál quieres?
cart-which-variant-again = Volvamos a { $name }: ¿cuál quieres?
cart-add-what = ¿Qué añado al carrito?
cart-change-what = ¿Qué artículo cambio?
cart-remove-what = ¿Qué artículo quito?
cart-how-many = ¿Qué cantidad quieres?
cart-sure-to-change = Solo para asegurarme: ¿lo hago?
cart-sure-to-clear = ¿Vacío todo el carrito?
cart-edit = ¿Qué cambio? También puedes escribirlo: "dos velas", "sin la taza".
cart-nothing-to-undo = No queda nada por deshacer.
cart-nothing-to-undo-empty = El carrito está vacío, no hay nada que deshacer.
cart-not-there = Eso no está en tu carrito.
cart-what-with-that = Gracias, tomo nota. ¿Qué hacemos ahora?

## Cuenta

bill-goods = { $quantity } × { $name }: { $amount }
bill-goods-total = Artículos: { $goods }
bill-manual = { $quantity } × { $name }: { $amount } ({ $reason })
bill-discount = { $code }: { $amount }{ $reason ->
    [first_order] {" "}({ $percent } %, primer pedido)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % en algunos artículos)
   *[other] {""}
 }
bill-delivery = { $name }: { $amount }
bill-free-delivery = { $code }: { $amount } (envío gratis)
bill-why = { $code }{ $reason ->
    [first_order] {" "}({ $percent } %, primer pedido)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % en algunos artículos)
    [free_delivery] {" "}(envío gratis)
   *[other] {""}
 }
bill-total = Total: { $total }

## Códigos promocionales

promo-which-code = ¿Cuál es el código?
promo-applied = { $code } ya está aplicado:
    { $bill }
promo-applied-short = Código { $code } aplicado.
promo-applied-empty = Tomo nota de { $code }. Contará en cuanto haya algo en tu carrito.
promo-dropped = { $code } ya no cuenta: no se pueden combinar los dos.
promo-removed = Sin { $code }, la cuenta queda así:
    { $bill }
promo-removed-short = Código { $code } quitado.
promo-none-to-remove = No hay ningún código en tu carrito.
promo-did-you-mean = ¿Querías decir { $code }?
promo-would-give = Con { $code } en lugar de { $against }, el total sería { $total }; no se pueden combinar los dos.
promo-switch-ask = ¿Cambio a { $code }?
promo-many-tries = Ya van varios códigos seguidos. Espera un momento antes del siguiente o deja que lo mire una persona.
promo-nudge = Por cierto: con { $code } el total sería { $total }, { $saving } menos.
promo-list = Estas son las ofertas que tenemos ahora:
promo-line = { $code }: { $text }
promo-line-total = { $code }: { $text } (tu total sería { $total }).
promo-none = Ahora mismo no hay ofertas.
promo-no-haggling = No puedo cambiar los precios, pero sí contarte todas las ofertas que hay.
promo-no-such-promise = No encuentro ninguna nota sobre un precio especial, así que he pasado tu pregunta al equipo. Mientras tanto, vale el precio de la tienda.
promo-promise-found = Sí, está anotado: { $name } por { $price } ({ $reason }).
promo-explained = La cuenta sale así:
    { $bill }
promo-instead = Con { $code } en lugar de { $against } quedaría así:
    { $bill }
    No se pueden combinar los dos.
promo-could-add = Con { $code } quedaría así:
    { $bill }

promo-refused-unknown = No conozco el código { $code }.
promo-refused-expired = { $code } caducó el { $day }.
promo-refused-not-yet = { $code } empieza el { $day }.
promo-refused-personal = { $code } es un código personal y no es válido para esta cuenta.
promo-refused-used-up = { $code } ya está agotado.
promo-refused-already-used = Ya usaste { $code }; solo vale una vez por cliente.
promo-refused-not-first-order = { $code } es solo para el primer pedido.
promo-refused-goods-below = { $code } vale a partir de { $needs } en artículos; te faltan { $missing }.
promo-refused-quantity-below = { $quantity ->
    [one] { $code } vale a partir de { $quantity } unidad de los artículos que incluye.
   *[other] { $code } vale a partir de { $quantity } unidades de los artículos que incluye.
 }
promo-refused-not-combinable = { $code } no se puede combinar con { $against }.
promo-refused-outside-hours = Hoy { $code } solo vale en este horario: { $hours }.
promo-refused-no-matching-goods = { $code } es para otros artículos, no para los de tu carrito.
promo-refused-wrong-channel = { $code } no vale en este chat.
promo-refused-wrong-segment = { $code } no es válido para esta cuenta.
promo-refused-already-applied = { $code } ya está en tu carrito.
promo-refused-slow-down = Vamos con calma: no pude usar { $code }, y antes hubo varios códigos que no valían.
promo-lost-goods-below = { $code } ya no se aplica: vale a partir de { $needs } en artículos.
promo-lost-quantity-below = { $quantity ->
    [one] { $code } ya no se aplica: vale a partir de { $quantity } unidad de los artículos que incluye.
   *[other] { $code } ya no se aplica: vale a partir de { $quantity } unidades de los artículos que incluye.
 }
promo-lost-not-combinable = { $code } ya no se aplica: no se puede combinar con { $against }.
promo-lost-no-matching-goods = { $code } ya no se aplica a lo que hay en el carrito.
promo-lost-other = { $code } ya no se aplica.

## Envío

delivery-line = { $name }: { $price }, { $when ->
    [same_day] hoy si pagas antes de las { $until }; si no, mañana
   *[days] { $min }–{ $max } días
 }
delivery-line-total = { $name }: { $price }, { $when ->
    [same_day] hoy si pagas antes de las { $until }; si no, mañana
   *[days] { $min }–{ $max } días
 } (total { $total })
delivery-options = Estas son las formas de envío:
    { $lines }
delivery-elsewhere = No puedo prometer que lleguemos hasta allí: una persona te lo dirá con seguridad. Normalmente enviamos así:
    { $lines }
delivery-by-sure = Sí, llega a tiempo para el { $day } si haces y pagas el pedido hoy:
    { $lines }
delivery-by-maybe = Puede que llegue para el { $day }, pero no te lo puedo prometer. Si haces y pagas el pedido hoy:
    { $lines }
delivery-by-no = Para el { $day } no llegamos, lo siento. Lo más rápido, si haces y pagas el pedido hoy:
    { $lines }
delivery-no-hours = No puedo prometer a qué hora del día llega; una persona puede consultarlo con el mensajero.
delivery-line-by = { $name }: { $price }, { $when ->
    [one] el { $first }
   *[days] del { $first } al { $last }
 }
delivery-cheaper = Sí, { $name } cuesta menos: { $price } frente a { $old }.
    { $lines }
delivery-dearer = No, { $name } cuesta más: { $price } frente a { $old }.
    { $lines }
delivery-same-price = Cuestan lo mismo: { $price } con { $name }, { $old } con { $other }.
    { $lines }
delivery-one = { $lines }
delivery-options-to = Sí, enviamos a { $city }:
    { $lines }
delivery-not-there = Esa forma de envío no llega a { $city }. Estas sí:
    { $lines }
delivery-chosen = De acuerdo, { $name }:
    { $bill }
delivery-chosen-empty = De acuerdo, { $name }, { $price }: queda anotado para tu pedido.
delivery-point = { $address }

## Pedido

checkout-empty = Tu carrito está vacío, así que todavía no hay nada que pedir. ¿Buscamos algo?
checkout-same-ask = ¿Uso los mismos datos de la última vez: { $name }, teléfono terminado en { $digits }{ $street ->
    [none] {""}
   *[other] {", "}{ $street }
 }?
checkout-same-again = Volvamos a tu pedido: ¿los mismos datos de la última vez ({ $name }, teléfono terminado en { $digits })?
checkout-same-retry = Solo sí o no, por favor: ¿los mismos datos de la última vez?
checkout-recipient-ask = ¿Qué nombre pongo en el paquete?
checkout-recipient-again = Volvamos a tu pedido: ¿qué nombre pongo en el paquete?
checkout-recipient-retry = ¿Cómo se llama la persona que recibe el paquete? Por ejemplo, "Laura Pérez".
checkout-phone-ask = ¿A qué número de teléfono puede llamar el repartidor?
checkout-phone-again = Volvamos a tu pedido: ¿a qué número de teléfono puede llamar el repartidor?
checkout-foreign-contact = Este es { $name ->
    [none] el número de otra persona
   *[other] el número de { $name }
 }, { $phone }. ¿Puede llamar ahí el repartidor para este pedido?
checkout-phone-retry = Eso no parece un número de teléfono. Escríbelo con el código de país, así: +370 600 00000.
checkout-delivery-ask = ¿Cómo te lo enviamos?
    { $options }
checkout-delivery-again = Volvamos a tu pedido: ¿cómo te lo enviamos?
checkout-delivery-retry = Elige una de estas opciones, por favor:
    { $options }
checkout-address-ask = { $name }: { $price }, { $total } en total. { $saved ->
    [office] ¿Cuál es la dirección de tu oficina: calle, número y ciudad?
    [home] ¿Cuál es la dirección de tu casa: calle, número y ciudad?
   *[other] ¿Cuál es la dirección: calle, número y ciudad?
 }
checkout-address-again = Volvamos a tu pedido: ¿cuál es la dirección? Calle, número y ciudad, por favor.
checkout-address-retry = ¿Cuáles son la calle, el número y la ciudad? Por ejemplo, "Gedimino 9, Vilnius".
checkout-city-ask = ¿En qué ciudad está?
checkout-city-again = Volvamos a tu pedido: ¿en qué ciudad está?
checkout-city-retry = ¿A qué ciudad va el paquete? Por ejemplo, «Vilna».
checkout-nearest-point = El punto de recogida más cercano es { $address }, a unos { $km } km de ti.
checkout-points-far = El punto de recogida más cercano está a unos { $km } km de ti.
checkout-points-unplaced = ¡Gracias! No puedo saber cuál de nuestros puntos de recogida te queda más cerca, así que elige tú, por favor.
checkout-point-ask = { $name }: { $price }, { $total } en total. ¿Qué punto de recogida te queda bien?
    { $points }
checkout-point-again = Volvamos a tu pedido: ¿qué punto de recogida te queda bien?
checkout-point-retry = Elige uno de estos puntos de recogida, por favor:
    { $points }
checkout-bill = { $bill }

    Para: { $recipient }
    Envío: { $delivery }, { $where }
    Pago: { $payment }
checkout-bill-digital = { $bill }

    Para: { $recipient }
    Envío: { $delivery }
    Pago: { $payment }
checkout-agreed-ask = ¿Confirmo el pedido por { $total } ({ $payment })?
checkout-agreed-again = Volvamos a tu pedido: ¿lo confirmo por { $total } ({ $payment })?
checkout-agreed-retry = ¿Confirmo el pedido por { $total }? Responde sí, o dime qué cambio.
checkout-change-what = ¿Qué cambio?
checkout-pay-here = El pedido { $number } está registrado. Puedes pagar { $total } aquí:
checkout-transfer-here = El pedido { $number } está hecho. Transfiere { $total } a esta cuenta y escribe el número del pedido como concepto:
    { $account }
    Después mándame aquí una foto o captura de la transferencia: un compañero comprobará si ha llegado.
checkout-invoice-here = El pedido { $number } está registrado. Puedes pagar { $total } aquí mismo, con el botón de la factura.
checkout-invoice-title = Pedido { $number }
checkout-held-until = Te lo reservamos todo hasta las { $until }.
checkout-placed = ¡Gracias! El pedido { $number } está hecho: { $total }, { $payment }. Ya lo estamos preparando.
checkout-thanks = ¡Gracias, { $name }! El pedido { $number } está pagado y confirmado. Te escribo cuando haya novedades del paquete.
checkout-thanks-late = Tu pago llegó tarde, pero aún quedaba todo: el pedido { $number } está pagado y confirmado.
checkout-thanks-digital = ¡Gracias, { $name }! El pedido { $number } está pagado. Un compañero te enviará aquí, en el chat: { $content }.
checkout-vat = IVA incluido, { $rate }: { $amount }.
checkout-details = Para: { $recipient }
    Envío: { $delivery }, { $where }
    Pago: { $payment }
    ¿Preguntas? Escríbeme aquí{ $contact ->
    [none] {""}
   *[other] {" o a "}{ $contact }
 }.
checkout-link-void = He anulado el enlace de pago anterior; no se ha cobrado nada.
checkout-cannot-change = Este pedido ya está pagado y no puedo cambiarlo yo. Una persona del equipo sí, mientras el paquete siga con nosotros.
checkout-price-moved = Algo ha cambiado mientras tanto; la cuenta queda así:
    { $bill }
checkout-payment-limit = Esta forma de pago ({ $name }) solo es posible en pedidos de hasta { $limit }. He elegido otra.
checkout-payment-not-available = Esta forma de pago ({ $name }) no es posible en este pedido. He elegido otra.
checkout-mixed = En Telegram las descargas y los artículos se pagan por separado. Pídelos, por favor, uno después del otro: quita un tipo del carrito y añádelo luego.
checkout-no-payment = Lo siento: ahora mismo no se puede pagar. Tu carrito queda guardado y un compañero te ayuda con el pedido.
checkout-delivery-not-available = Esa forma de envío no es posible en este pedido. Elijamos otra.
checkout-not-there = Esa forma de envío no llega a { $city }. Elijamos otra.
checkout-held = Otro cliente está pagando la última unidad de { $name }; queda reservada hasta las { $until }.
checkout-instead = Disponible ahora mismo: { $name } por { $price }.
checkout-held-ask = ¿Te aviso si vuelve a estar disponible? Tu carrito sigue como está.

## Pago

payment-settled = El pedido { $number } está pagado. ¡Gracias!
payment-revived = Tu pago llegó tarde, pero aún quedaba todo: el pedido { $number } está pagado y confirmado.
payment-proof-taken = ¡Gracias! Un compañero mira si ha llegado la transferencia del pedido { $number } y te escribo en cuanto lo sepa.
payment-not-found = No encontramos en nuestra cuenta la transferencia del pedido { $number }. Quizá el banco tarde más; o mándame otra foto en la que se vean la cuenta y el importe.
payment-declined = El pago del pedido { $number } no se completó; no se ha cobrado nada. Puedes intentarlo de nuevo o pagar de otra forma.
payment-on-its-way = Tu dinero por el pedido { $number } todavía está en camino y la reserva ya ha terminado. En cuanto llegue te aviso: si todo sigue disponible, el pedido continúa; si no, te lo devolvemos íntegro.
payment-unclear = Gracias: han llegado { $amount } por el pedido { $number }, que no es el importe que esperábamos. Una persona del equipo lo revisa y te escribe aquí; no se pierde nada.
payment-expired = El enlace de pago del pedido { $number } ha caducado y no se ha cobrado nada.
payment-new-link = ¿Te preparo uno nuevo?
payment-refunded-late = Lo siento: tu pago del pedido { $number } llegó cuando la reserva ya había terminado y no quedaban existencias. Te devolvemos el importe íntegro: { $amount }.
payment-refunded-double = El pedido { $number } se pagó dos veces. Te devolvemos { $amount }.
payment-refunded-other = El pago del pedido { $number } llegó cuando ya estaba cancelado. Te devolvemos { $amount } por completo.
payment-refunded-edit = El cambio del pedido { $number } ya no se pudo hacer, así que el pedido se queda como estaba. Te devolvemos { $amount } por completo.
payment-refunded-approved = Hemos revisado la devolución del pedido { $number }: te devolvemos { $amount } por el mismo medio con el que pagaste.
payment-refunded-shop = Te devolvemos { $amount } del pedido { $number }.
payment-refund-by = El dinero debería llegarte a más tardar el { $day }.
payment-refund-refused = Lo siento: no hemos podido devolverte sin más { $amount } del pedido { $number }. Una persona del equipo te escribirá aquí y te lo explicará.
payment-here = Se paga aquí, en la página del servicio de pago:
payment-try-again = Lo siento. Aquí tienes de nuevo la página de pago; no se cobra nada dos veces.
payment-refused-unknown = No conocemos este pago y no se ha cobrado nada. Escríbenos en el chat, por favor.
payment-refused-paid = Este pedido ya está pagado; no se ha cobrado nada más. ¡Gracias!
payment-refused-over = Este pago ha caducado y no se ha cobrado nada. Escríbenos en el chat y miramos si aún queda todo.
payment-refused-amount = El pedido ha cambiado desde entonces y no se ha cobrado nada. Paga, por favor, con el último mensaje del chat.
payment-refused-payer = Este pago es para otra persona y no se ha cobrado nada. Escríbenos tú y te preparamos el tuyo.
payment-nothing-open = Ahora mismo no hay ningún pago pendiente.

## Cambiar un pedido ya pagado

edit-what = ¿Qué cambio en el pedido { $number } ({ $content })? Dímelo sin más: añadir o quitar algo, más o menos unidades, otro color.
edit-which = ¿A cuál te refieres?
edit-line-added = + { $quantity } × { $name }
edit-line-removed = − { $quantity } × { $name }
edit-line-set = { $name }: { $quantity } en vez de { $count }
edit-proposed = El pedido { $number } quedaría así:
    { $lines }
    Nuevo total: { $total } (ahora { $old }).
edit-moved = Algo ha cambiado desde que te pregunté, así que otra vez:
edit-sure-pay = Son { $amount } más. ¿Lo cambio? Solo pagas la diferencia.
edit-sure-back = Te devolvemos { $amount }. ¿Lo cambio?
edit-sure-back-waits = Te devolveríamos { $amount }; un importe así lo revisa antes una persona del equipo. ¿Lo cambio?
edit-sure-same = El precio no cambia. ¿Lo cambio?
edit-done = Listo: el pedido { $number } está cambiado.
edit-now = Ahora lleva: { $content }.
edit-back = Te devolvemos { $amount } por el mismo medio con el que pagaste.
edit-back-waits = Una persona del equipo revisa la devolución de { $amount } antes de enviártela. Te escribimos aquí en cuanto esté.
edit-until = El pedido cambia en cuanto se paga la diferencia; hasta las { $until } te lo guardamos todo. Si para entonces no está pagada, el pedido se queda como estaba.
edit-pay-here = La diferencia del pedido { $number } es de { $amount }. Puedes pagarla aquí:
edit-transfer-here = La diferencia del pedido { $number } es de { $total }. Transfiérela a esta cuenta y escribe el número del pedido como concepto:
    { $account }
edit-invoice-here = La diferencia del pedido { $number } es de { $total }. Puedes pagarla aquí mismo, con el botón de la factura.
edit-paid = Gracias, la diferencia está pagada: el pedido { $number } ya está cambiado.
edit-kept = De acuerdo, el pedido se queda como estaba.
edit-stays = El pedido { $number } se queda como está.
edit-expired = La diferencia del pedido { $number } no se pagó a tiempo, así que el pedido se queda como estaba.
edit-too-late = El paquete del pedido { $number } acaba de salir y ya no se puede cambiar. Si aun así pagas la diferencia, te la devolvemos.
edit-packed = El pedido { $number } ya está en camino, así que no puedo cambiarlo. Una persona del equipo te ayuda con una devolución o con otro pedido.
edit-disputed = El pago del pedido { $number } se está revisando, así que ahora no puedo cambiarlo. Una persona del equipo te dirá más.
edit-over = El pedido { $number } ya no se puede cambiar. Una persona del equipo puede ayudarte.
edit-digital = Lo que se envía por el chat no puedo cambiarlo yo, pero una persona del equipo sí.
edit-not-in-it = No veo eso en el pedido { $number } ({ $content }).
edit-same = El pedido { $number } ya está así: { $content }.
edit-only = Entonces no quedaría nada del pedido { $number }. Cancelar un pedido pagado lo decide una persona del equipo: ¿la llamo?

## ¿Dónde está mi paquete?

tracking-order-line = Pedido { $number } ({ $content }).
tracking-status-created = La etiqueta está lista; el paquete todavía no se ha entregado a { $carrier } y no tiene ningún registro de paso.
tracking-status-accepted = { $carrier } ya tiene el paquete.
tracking-status-in-transit = El paquete va en camino con { $carrier }.
tracking-status-out-for-delivery = El repartidor lleva el paquete hoy.
tracking-status-ready-for-pickup = El paquete te espera en el punto de recogida.
tracking-status-delivered = El paquete está entregado.
tracking-status-failed-attempt = { $carrier } intentó entregar el paquete y no encontró a nadie.
tracking-status-returned = El paquete viene de vuelta a la tienda.
tracking-status-exception = { $carrier } informa de un problema con el paquete; una persona del equipo lo está revisando.
tracking-last = Último movimiento: { $status ->
    [created] etiqueta creada
    [accepted] entregado al transportista
    [in_transit] en camino
    [out_for_delivery] en reparto
    [ready_for_pickup] en el punto de recogida
    [delivered] entregado
    [failed_attempt] intento de entrega
    [returned] devuelto
   *[other] se informó de un problema
 }, { $at }{ $place ->
    [none] {""}
   *[other] {", "}{ $place }
 }.
tracking-window = Debería llegar entre el { $first } y el { $last }.
tracking-late = Debía llegar entre el { $first } y el { $last } y lleva retraso. Lo siento. Puedes esperar, pedirnos que preguntemos al transportista o recuperar tu dinero: lo decides con una persona del equipo.
tracking-order-awaiting-payment = El pedido { $number } ({ $content }) está hecho, pero aún sin pagar.
tracking-order-confirmed = El pedido { $number } ({ $content }) está confirmado; lo estamos preparando.
tracking-order-expired = El pedido { $number } ({ $content }) no se pagó a tiempo; no se ha cobrado nada.
tracking-order-paid = El pedido { $number } ({ $content }) está pagado; lo estamos preparando.
tracking-order-digital = El pedido { $number } ({ $content }) está pagado; un compañero te lo enviará aquí, en el chat.
tracking-order-shipped = El pedido { $number } ({ $content }) va en camino.
tracking-order-delivered = El pedido { $number } ({ $content }) está entregado.
tracking-order-returned = El pedido { $number } ({ $content }) volvió a la tienda.
tracking-order-cancelled = El pedido { $number } ({ $content }) está cancelado.
tracking-which = ¿A cuál te refieres: { $content }?
tracking-no-orders = Todavía no veo ningún pedido tuyo. Si pediste por otra vía, una persona puede buscarlo.
tracking-cancel-sure = ¿Cancelo el pedido { $number } ({ $content })? No se ha cobrado nada.
tracking-cancelled = El pedido { $number } está cancelado; no se ha cobrado nada.
tracking-moved-in-transit = Tu pedido { $number } va en camino.
tracking-moved-out-for-delivery = Tu pedido { $number } está en reparto y llega hoy.
tracking-moved-ready-for-pickup = Tu pedido { $number } te espera en el punto de recogida.
tracking-moved-delivered = Tu pedido { $number } está entregado. ¡Que lo disfrutes!
tracking-moved-failed-attempt = El repartidor intentó entregar tu pedido { $number } y no encontró a nadie. Lo volverá a intentar.
tracking-moved-returned = Tu pedido { $number } viene de vuelta a la tienda. Una persona te escribirá sobre esto.
tracking-moved-exception = Hay un problema con el paquete del pedido { $number }. Una persona del equipo lo está revisando.

## Opinión

feedback-rating-ask = ¿Qué tal fue todo con tu pedido? Cinco estrellas es excelente; una, muy mal.
feedback-rating-again = ¿Y qué tal fue todo con tu pedido, de una a cinco estrellas?
feedback-rating-retry = Un número del uno al cinco, por favor.
feedback-glad = ¡Gracias, nos alegra mucho!
feedback-sorry = Siento que no haya salido mejor. Se lo he contado a una persona del equipo.
feedback-sorry-task = Gracias por contárnoslo. Se lo he pasado a una persona del equipo.
feedback-thanks = ¡Gracias por contárnoslo!
feedback-what-was-wrong = ¿Qué salió mal?

## Una persona

handoff-called = Aviso ahora mismo a una persona del equipo. { $ahead ->
    [0] Eres la primera persona en la fila.
    [one] Hay { $ahead } persona delante de ti.
   *[other] Hay { $ahead } personas delante de ti.
 } Le paso todo lo que hemos hablado, así que no tendrás que repetirlo.
handoff-called-minutes = Aviso ahora mismo a una persona del equipo. La espera habitual es de unos { $minutes } min. Le paso todo lo que hemos hablado, así que no tendrás que repetirlo.
handoff-off-duty = Ya estás en la lista para que te atienda una persona. Ahora no hay nadie; a partir de las { $opens } te responden en un máximo de { $within } minutos. Si quieres que te llamen, déjame un teléfono. Mientras tanto, puedo seguir ayudándote.
handoff-off-duty-unknown = Te he puesto en la lista para hablar con una persona del equipo. Ahora no hay nadie; te responderán aquí en cuanto alguien esté disponible. Mientras tanto, puedo seguir ayudándote.
handoff-back = Soy el bot, ya estoy de vuelta. Sé lo que se acordó.
handoff-passed-question = Se lo he preguntado al equipo; te responderán aquí.
handoff-passed-return = Lo revisa una persona del equipo y te responde aquí.
handoff-passed-payment = Siento las molestias. Una persona del equipo revisa el pago y te responde aquí; no se cobra nada dos veces.
handoff-cancel-order = Entiendo que quieres cancelar un pedido.
handoff-edit-order = Entiendo que quieres modificar un pedido.
handoff-return-item = Entiendo que quieres devolver algo.
handoff-damaged-item = Siento mucho lo que ha pasado.
handoff-exchange-item = Entiendo que quieres cambiar un artículo por otro.
handoff-refund-status = Entiendo que preguntas por un reembolso.
handoff-reorder = Entiendo que quieres lo mismo otra vez.

## Preguntas

faq-answer = { $text }
faq-payments = Puedes pagar así: { $names }.
faq-payment-yes = Sí, puedes pagar así: { $name }.
faq-payment-limit = Posible en pedidos de hasta { $limit }: { $name }.

## Consentimiento

consent-on = Volverás a recibir nuestras ofertas. Con "darme de baja" dejan de llegar.
consent-opt-in = Ofertas de nuestra tienda
consent-off = Hecho: no recibirás más publicidad. Con "suscribirme" vuelve a llegar.
consent-off-open-order = Hecho: no recibirás más publicidad. Los mensajes sobre tu pedido en curso siguen llegando. Con "suscribirme" vuelve la publicidad.

## Borrado de datos (la página de la solicitud)

privacy-title = Eliminación de tus datos
privacy-received = Hemos recibido tu solicitud. Tus datos se eliminarán en unos minutos.
privacy-waiting = Lo que escribiste está eliminado. Tienes un pedido en curso: el nombre y la dirección se eliminarán cuando termine.
privacy-by-hand = No hemos podido saber automáticamente cuál es tu conversación. Una persona se ocupa de ello, en 30 días como máximo.
privacy-done = Todo está eliminado. De los pedidos solo se conservan artículos, importes y fechas, como exige la contabilidad, y ya no llevan tu nombre.
privacy-unknown = No conocemos este código. Comprueba la dirección.
privacy-code = Código de tu solicitud: { $code }

## Alarmas, para quien lleva la tienda

alarm-down = ⚠️ { $channel } no funciona: ahora mismo los clientes no reciben respuesta allí.
alarm-look = ⚠️ { $channel }: conviene revisar la configuración.
alarm-token = ⚠️ { $channel }: el token de acceso caduca pronto. Crea uno nuevo a tiempo, por favor.
alarm-silent = ⚠️ { $channel }: lleva demasiado tiempo sin mensajes. Escribe tú mismo allí a la tienda para comprobarlo.
alarm-halted = ⚠️ { $channel }: el envío está parado por un tiempo. No se pierde nada: los mensajes esperan su turno.
alarm-denied = ⚠️ { $channel } no permite a la tienda algunos mensajes: falta un permiso. Los demás salen como siempre.
alarm-piling = ⚠️ { $channel }: los mensajes se acumulan y no llegan a la tienda.
alarm-probe = ⚠️ { $channel }: no se puede llegar a la tienda desde fuera.
alarm-over = ✅ { $channel }: todo vuelve a funcionar. Lo que fallaba: { $what }
alarm-test = ✅ Una prueba del bot de tu tienda: si algo falla en un mensajero, lo leerás aquí.
alarm-webchat = El chat de tu web

## Las personas de la tienda, como las muestra Messenger

persona-name = { $name } de { $shop }

## Botones (20 caracteres caben en todas partes)

button-add = Añadir al carrito
button-choose = Elegir
button-alert = Avísame cuando haya
button-no-thanks = No, gracias
button-call-this = Sí, a ese número
button-to-the-shop = Ver en la tienda
button-more = Ver más
button-browse = Ver la tienda
button-gift = Buscar un regalo
button-cart = Mi carrito
button-human = Hablar con alguien
button-track = Estado de mi pedido
button-checkout = Hacer el pedido
button-take-both = { $free } × { $name } + { $missing } × { $other }
button-take-free = { $free } × { $name }
button-edit-cart = Cambiar el carrito
button-undo = Deshacer
button-clear = Vaciar el carrito
button-remove = Quitar { $name }
button-continue = Continuar
button-start-over = Empezar de nuevo
button-yes-clear = Sí, vaciarlo
button-no-keep = No, dejarlo así
button-yes-human = Sí, por favor
button-no-continue = No, seguimos
button-yes-apply = Sí, { $code }
button-switch = Cambiar a { $code }
button-use = Usar { $code }
button-promos = Ofertas actuales
button-ask-manager = Preguntar al equipo
button-gift-cosy = Algo acogedor
button-gift-practical = Algo práctico
button-gift-wear = Algo para ponerse
button-yes-same = Sí, los mismos
button-no-other = No, otros datos
button-pay = Pagar
button-order = Confirmar el pedido
button-pay-now = Pagar ahora
button-receipt = Recibo
button-change = Cambiar algo
button-change-delivery = Envío
button-change-address = Dirección
button-change-recipient = Nombre o teléfono
button-leave = Salir de la compra
button-other-way = Pagar de otra forma
button-cancel-order = Sí, cancélalo
button-keep-order = No, déjalo
button-change-order = Sí, cámbialo
button-new-link = Sí, uno nuevo
button-follow = Seguir el paquete
button-mean-faq-delivery = Envíos
button-mean-faq-payment = Formas de pago
button-mean-faq-returns = Devoluciones
button-mean-faq-hours = Horario
button-mean-faq-contact = Contacto
button-mean-faq-gift-wrap = Envolver regalo
button-mean-faq-invoice = Factura
button-mean-faq-warranty = Garantía
button-mean-faq-wholesale = Venta al por mayor
button-mean-track-order = Dónde va mi pedido
button-mean-refund-status = Mi reembolso
button-mean-return-item = Devolver algo
button-mean-exchange-item = Cambiar algo
button-mean-damaged-item = Llegó dañado
button-mean-cancel-order = Anular un pedido
button-mean-edit-order = Cambiar un pedido
button-mean-reorder = Repetir un pedido
button-mean-payment-problem = Problema al pagar
button-mean-ask-promo = Ofertas y códigos
button-mean-ask-price = Un precio
button-mean-ask-stock = ¿Hay existencias?
button-mean-product-details = Sobre un producto
button-mean-size-help = Ayuda con la talla
button-mean-compare = Comparar
button-mean-show-photo = Fotos
button-mean-browse = Ver productos
button-mean-find-gift = Buscar un regalo
button-mean-show-cart = Mi cesta
button-mean-checkout = Hacer el pedido
button-mean-explain-total = Cómo sale la suma
button-mean-human = Hablar con alguien

ask-phone = Compartir mi teléfono
ask-email = Compartir mi correo
ask-location = Compartir mi ubicación
