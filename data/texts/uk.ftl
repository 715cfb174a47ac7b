### Що магазин каже українською. Кожне { $name } залишайте на місці: магазин підставить значення сам.
### Тексти іншими мовами лежать поруч: ті самі ключі в тому самому порядку.

## Привітання

greeting-hello = Вітаю! Я бот, помічник магазину: допоможу вибрати, оформлю замовлення і простежу за посилкою. Якщо потрібна жива людина, тільки скажіть. Що шукаєте?
greeting-friend = Вітаємо{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }! Раді бачити вас знову. Чим допомогти сьогодні?
greeting-hi = Вітаю!
greeting-here = Так, я тут. Що шукаєте?
greeting-welcome-back = З поверненням{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }!
greeting-back-empty = Раді бачити вас знову! Кошик зараз порожній. Подивимося, що є?
greeting-go-on = Продовжуймо.

## Меню, перші запитання, команди

menu-greeting = Вітаємо! Це { $shop }. Запитуйте про товари, замовляйте просто тут, стежте за посилкою. Відповідає бот, а на ваше прохання — людина.
menu-catalogue = Переглянути товари
menu-gift = Підібрати подарунок
menu-cart = Мій кошик
menu-orders = Де моє замовлення?
menu-human = Покликати людину
menu-ask-gift = Допоможете обрати подарунок?
menu-ask-catalogue = Що у вас є?
menu-ask-delivery = Як ви доставляєте і скільки це коштує?
menu-ask-human = Чи можна поговорити з людиною?
menu-command-catalogue = Подивитися, що в нас є
menu-command-cart = Показати кошик
menu-command-checkout = Оформити замовлення
menu-command-orders = Де моє замовлення?
menu-command-human = Покликати людину
menu-command-help = Що я вмію
menu-command-cancel = Перервати розпочате

## Балачки й те, чим магазин не займається

smalltalk-goodbye = До побачення, заходьте ще!
smalltalk-welcome = Будь ласка, звертайтеся!
smalltalk-praise = Дякую, дуже приємно!
smalltalk-sorry = Перепрошую, що так вийшло.
smalltalk-i-am-a-bot = Я бот і працюю в цьому магазині. Допоможу вибрати, оформити замовлення й дізнатися, де посилка; а якщо попросите, одразу покличу людину.
smalltalk-small = Усе чудово, дякую! Підберемо вам щось приємне?
smalltalk-language = Звісно, продовжуймо українською.
smalltalk-out-of-scope = Із цим не допоможу: знаю лише наш магазин. Зате підкажу про товари, замовлення й доставку.
smalltalk-photo = Дякую за фото! Мені його не роздивитися, а людина зможе. Про що йдеться?
smalltalk-card-number = Будь ласка, не пишіть номер картки в чат: я його приховав, магазин його ніде не зберігає. Оплата відбувається на сторінці платіжного сервісу, посилання я надішлю, коли замовлення буде готове. Решту того повідомлення я не врахував: напишіть ще раз, уже без даних картки.
smalltalk-location = Дякую! Для доставки потрібна адреса словами: вулиця, будинок і місто.
smalltalk-contact = Дякую! Номер телефону я запитаю під час оформлення замовлення.
smalltalk-unreadable = Я розумію лише текст. Напишіть, будь ласка, кількома словами, або ж я покличу людину.
smalltalk-mention = Дякуємо, що згадали про нас! Якщо хочете щось запитати, просто напишіть.
comment-intro = Вітаю! Я бот магазину. Ви написали під нашою публікацією: «{ $words }». Просто дайте відповідь тут, і ми продовжимо.
follow-done = Готово: якщо в іншому месенджері вже не можна буде писати, про посилку повідомлю тут. Якщо більше не треба, напишіть «відписатися».
smalltalk-yes-what = Залюбки! Що зробити?

## Коли щось пішло не так

repair-first-miss = Не вдалося вас зрозуміти. Можна іншими словами?
repair-either = Хочу зрозуміти вас правильно: що з цього ви маєте на увазі?
repair-second-miss = Перепрошую, досі не розумію.
repair-offer-person = Покликати людину?
repair-cancelled = Гаразд, зупинилися. Кошик на місці.
repair-nothing-to-cancel = Зараз нема чого зупиняти. Чим допомогти?
repair-as-you-wish = Як скажете!
repair-back = Гаразд, крок назад.
repair-nothing-to-go-back = Тут повертатися нікуди. Чим допомогти?
repair-restarted = Почнімо спочатку. Кошик зберігся. Що шукаєте?
repair-take-your-time = Звісно, не поспішайте.
repair-nothing-said = Поки що нема чого повторювати. Що шукаєте?
repair-help = Питайте про товари, ціни й доставку, пишіть «додай дві чорні чашки», вводьте промокод, оформлюйте й оплачуйте замовлення просто тут. Ще розумію «де моя посилка» і «скасуй останнє», а на «покличте менеджера» відповість людина.
repair-skipped = Гаразд, це пропустимо.
repair-cannot-skip = Без цього замовлення не оформити.
repair-stale = Ця кнопка лишилася від попереднього кроку. Нічого не змінилося.
repair-what-now = Нічого не змінилося. Що робимо далі?
repair-noted = Прийнято.
repair-noted-what = Прийнято: { $what }.
repair-failed = У нас щось зламалося, і останнє повідомлення не вдалося опрацювати. Менеджер подивиться, що сталося; напишіть, будь ласка, ще раз.

## Пошук товарів

discovery-found = { $count ->
    [one] Ось що знайшлося:
    [few] Ось що знайшлося:
   *[many] Ось що знайшлося:
 }
discovery-nothing = Нічого схожого не знайшлося. Показати, що в нас є, чи покликати людину?
discovery-no-more = Це все, більше нічого схожого в нас немає.
discovery-none-cheaper = Дешевшого в нас немає. Показати, які зараз є акції?
discovery-no-suggestion = Зараз нічого не знайшлося на { $budget }. Показати, що в нас є?
discovery-suggested = Ось { $count } { $count ->
    [one] ідея
    [few] ідеї
   *[many] ідей
 } до { $budget }:
discovery-suggested-free = Ось { $count } { $count ->
    [one] ідея
    [few] ідеї
   *[many] ідей
 }:
discovery-narrow = Що підійде краще: щось затишне, щось корисне чи щось з одягу?
discovery-variant = { $name }: { $price }. { $stock ->
    [low] { $count ->
        [one] Залишилася лише { $count } штука.
        [few] Залишилося лише { $count } штуки.
       *[many] Залишилося лише { $count } штук.
     }
   *[there] Є в наявності.
 }
discovery-product = { $name }. { $description }
discovery-from-price = від { $price }
discovery-also-back = { $name }: знову буде { $day }.
discovery-cheapest-delivery = Доставка від { $price } ({ $name }).
discovery-not-like-that = { $kinds ->
    [1] { $name }: є лише в одному варіанті.
   *[other] { $name }: такого варіанта немає. Ось які є:
}
discovery-not-like-that-now = { $name }: такого варіанта зараз немає. Ось які є:
discovery-which = Який варіант обираєте?
discovery-which-product = Про який товар ідеться?
discovery-unknown-post = Не можу визначити, який саме товар у цій публікації. Як він називається або який має вигляд?
showcase-from = від { $price }
showcase-sold-out = { $price }, зараз немає в наявності
discovery-sold-out = { $name }: зараз немає в наявності.
discovery-sold-out-until = { $name }: зараз немає в наявності, знову буде { $day }.
discovery-instead = Зараз у наявності:
    { $variants }
discovery-alert-or-other = Підійде щось із цього чи повідомити, коли знову зʼявиться?
discovery-alert = Повідомити, коли знову зʼявиться?
discovery-watched = Гаразд, напишу одразу, щойно зʼявиться: { $name }.
discovery-watched-already = Ви вже у списку. Напишу одразу, щойно зʼявиться: { $name }.
discovery-back-in-stock = Гарна новина, знову в наявності: { $name }, { $price }. Покласти в кошик?
discovery-fact = { $name }, { $fact }: { $value }.
discovery-fact-unknown = Точно не знаю ({ $name }), а вгадувати не хочеться.
discovery-description = В описі сказано: { $description }
discovery-ask-a-person = Запитати менеджера?
discovery-compare-what = Які два товари порівняти? Назвіть їх або скажіть «перший і другий».
discovery-compared = Порівняймо:
    { $lines }
discovery-compare-line = { $name }: { $price }, { $stock ->
    [low] { $count ->
        [one] залишилася лише { $count } штука
        [few] залишилося лише { $count } штуки
       *[many] залишилося лише { $count } штук
     }
   *[there] є в наявності
 }
discovery-compare-facts = Чим відрізняються:
    { $lines }
discovery-compare-fact = { $fact }: { $values }
discovery-no-difference = За моїми даними інших відмінностей немає, ціна однакова.
discovery-cheapest = Дешевше: { $name }, { $price }.

stock-there = Є в наявності
stock-low = { $count ->
    [one] Залишилася лише { $count } штука
    [few] Залишилося лише { $count } штуки
   *[many] Залишилося лише { $count } штук
 }
stock-back-on = Немає в наявності, знову буде { $day }
stock-none = Немає в наявності

variant-line = { $name }: { $price }
list-line = { $n }. { $line }

## Кошик

cart-add-it = Покласти в кошик?
cart-which-of-these = Що саме з цього?
cart-added = Додано: { $items }.
cart-set = { $name }: тепер { $quantity } { $quantity ->
    [one] штука
    [few] штуки
   *[many] штук
 }.
cart-removed = Прибрано: { $items }.
cart-variant = Тепер так: { $name }.
cart-cleared = Кошик тепер порожній. Щоб повернути все назад, напишіть «поверни як було».
cart-same-as = Те саме, що в замовленні { $number }.
cart-no-longer-sold = Більше не продається: { $names }.
cart-undone = Скасовано: { $items }.
cart-empty = Кошик порожній: { $total }.
cart-one-line = { $line }
    Разом: { $total }
cart-bill = У кошику:
    { $bill }
cart-is-here = Ваш кошик на місці. Ціни й наявність перевірено ще раз.
cart-cut = { $name }: { $free ->
    [one] залишилася лише { $free } штука
    [few] залишилося лише { $free } штуки
   *[many] залишилося лише { $free } штук
 }, тому замість { $wanted } тепер { $free }.
cart-repriced = { $name }: тепер { $new } замість { $old }.
cart-total-moved = Разом тепер { $total } замість { $before }.
cart-go-on = Продовжимо чи почнемо спочатку?
cart-only = { $name }: { $free ->
    [one] залишилася лише { $free } штука
    [few] залишилося лише { $free } штуки
   *[many] залишилося лише { $free } штук
 }.
cart-short-ask = { $options }
    Що обираєте?
cart-take-both = { $free } × { $name } + { $missing } × { $other }: { $total }
cart-take-free = { $free } × { $name }: { $total }
cart-which-variant = { $name } є в кількох варіантах:
    { $variants }
    Який обираєте?
cart-which-variant-again = Повернімося до товару «{ $name }»: який варіант обираєте?
cart-add-what = Що покласти в кошик?
cart-change-what = Яку позицію змінити?
cart-remove-what = Яку позицію прибрати?
cart-how-many = Скільки штук?
cart-sure-to-change = Уточню про всяк випадок: зробити так?
cart-sure-to-clear = Очистити весь кошик?
cart-edit = Що змінити? Можна й написати: «дві свічки», «без чашки».
cart-nothing-to-undo = Більше нема чого скасовувати.
cart-nothing-to-undo-empty = Кошик порожній, скасовувати нема чого.
cart-not-there = Цього немає в кошику.
cart-what-with-that = Дякую, запамʼятаю. Що робимо далі?

## Розрахунок

bill-goods = { $quantity } × { $name }: { $amount }
bill-goods-total = Товари: { $goods }
bill-manual = { $quantity } × { $name }: { $amount } ({ $reason })
bill-discount = { $code }: { $amount }{ $reason ->
    [first_order] {" "}({ $percent } %, перше замовлення)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % на частину товарів)
   *[other] {""}
 }
bill-delivery = { $name }: { $amount }
bill-free-delivery = { $code }: { $amount } (безкоштовна доставка)
bill-why = { $code }{ $reason ->
    [first_order] {" "}({ $percent } %, перше замовлення)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % на частину товарів)
    [free_delivery] {" "}(безкоштовна доставка)
   *[other] {""}
 }
bill-total = Разом: { $total }

## Промокоди

promo-which-code = Який промокод?
promo-applied = Промокод { $code } застосовано:
    { $bill }
promo-applied-short = Промокод { $code } застосовано.
promo-applied-empty = Промокод { $code } прийнято. Він спрацює, щойно в кошику щось зʼявиться.
promo-dropped = { $code } більше не діє: ці два промокоди не поєднуються.
promo-removed = Без { $code } виходить так:
    { $bill }
promo-removed-short = Промокод { $code } прибрано.
promo-none-to-remove = У кошику немає промокоду.
promo-did-you-mean = Ви мали на увазі { $code }?
promo-would-give = Із { $code } замість { $against } вийшло б { $total }; разом вони не діють.
promo-switch-ask = Змінити на { $code }?
promo-many-tries = Промокодів було вже чимало. Зачекайте хвилинку перед наступним, або хай гляне людина.
promo-nudge = До речі, із { $code } вийшло б { $total }, на { $saving } менше.
promo-list = Зараз діють такі пропозиції:
promo-line = { $code }: { $text }
promo-line-total = { $code }: { $text } (з ним разом { $total })
promo-none = Зараз акцій немає.
promo-no-haggling = Змінювати ціни я не можу, зате розповім про всі акції.
promo-no-such-promise = Запису про особливу ціну не знайшлося, тому ваше запитання вже передано менеджеру. Поки що діє ціна магазину.
promo-promise-found = Так, є запис: { $name }, { $price } ({ $reason }).
promo-explained = Ось із чого складається сума:
    { $bill }
promo-instead = Із { $code } замість { $against } було б так:
    { $bill }
    Разом вони не діють.
promo-could-add = Із { $code } було б так:
    { $bill }

promo-refused-unknown = Промокод { $code } мені незнайомий.
promo-refused-expired = Термін дії { $code } закінчився { $day }.
promo-refused-not-yet = { $code } почне діяти { $day }.
promo-refused-personal = { $code } — особистий промокод, для цього акаунта він не діє.
promo-refused-used-up = Промокод { $code } вже вичерпано.
promo-refused-already-used = Ви вже скористалися { $code }; для кожного покупця він діє один раз.
promo-refused-not-first-order = { $code } діє лише на перше замовлення.
promo-refused-goods-below = Для { $code } потрібно товарів на { $needs }; бракує { $missing }.
promo-refused-quantity-below = Для { $code } відповідних товарів має бути щонайменше { $quantity }.
promo-refused-not-combinable = { $code } не поєднується з { $against }.
promo-refused-outside-hours = { $code } сьогодні діє лише в цей час: { $hours }.
promo-refused-no-matching-goods = { $code } діє на інші товари, не на ті, що в кошику.
promo-refused-wrong-channel = У цьому чаті { $code } не діє.
promo-refused-wrong-segment = Для цього акаунта { $code } не діє.
promo-refused-already-applied = { $code } вже застосовано.
promo-refused-slow-down = Не поспішаймо: { $code } не підійшов, і перед ним було кілька неправильних промокодів.
promo-lost-goods-below = { $code } більше не діє: потрібно товарів на { $needs }.
promo-lost-quantity-below = { $code } більше не діє: відповідних товарів має бути щонайменше { $quantity }.
promo-lost-not-combinable = { $code } більше не діє: він не поєднується з { $against }.
promo-lost-no-matching-goods = { $code } більше не діє: у кошику немає відповідних товарів.
promo-lost-other = { $code } більше не діє.

## Доставка

delivery-line = { $name }: { $price }, { $when ->
    [same_day] сьогодні, якщо сплатити до { $until }, інакше завтра
   *[days] { $min }–{ $max } { $max ->
        [one] день
        [few] дні
       *[many] днів
     }
 }
delivery-line-total = { $name }: { $price }, { $when ->
    [same_day] сьогодні, якщо сплатити до { $until }, інакше завтра
   *[days] { $min }–{ $max } { $max ->
        [one] день
        [few] дні
       *[many] днів
     }
 } (разом { $total })
delivery-options = Доставляємо так:
    { $lines }
delivery-elsewhere = Не можу обіцяти, що ми доставляємо туди: напевно скаже людина. Зазвичай ми надсилаємо так:
    { $lines }
delivery-by-sure = Так, до { $day } включно встигнемо, якщо замовити й сплатити сьогодні:
    { $lines }
delivery-by-maybe = До { $day } посилка може встигнути, але обіцяти не можу. Якщо замовити й сплатити сьогодні:
    { $lines }
delivery-by-no = До { $day } ми, на жаль, не встигнемо. Найшвидше, якщо замовити й сплатити сьогодні:
    { $lines }
delivery-no-hours = О якій порі дня привезуть, обіцяти не можу; людина може уточнити це в курʼєра.
delivery-line-by = { $name }: { $price }, { $when ->
    [one] { $first }
   *[days] { $first } – { $last }
 }
delivery-cheaper = Так, { $name } коштує менше: { $price } проти { $old }.
    { $lines }
delivery-dearer = Ні, { $name } коштує більше: { $price } проти { $old }.
    { $lines }
delivery-same-price = Коштують однаково: { $name } — { $price }, { $other } — { $old }.
    { $lines }
delivery-one = { $lines }
delivery-options-to = Так, у місто { $city } доставляємо:
    { $lines }
delivery-not-there = Цим способом у місто { $city } не доставляємо. А ось так можна:
    { $lines }
delivery-chosen = Гаразд, { $name }:
    { $bill }
delivery-chosen-empty = Гаразд, для вашого замовлення запамʼятаю: { $name }, { $price }.
delivery-point = { $address }

## Оформлення

checkout-empty = Кошик порожній, оформлювати поки що нема чого. Пошукаємо щось?
checkout-same-ask = Узяти ті самі дані, що й минулого разу: { $name }, телефон закінчується на { $digits }{ $street ->
    [none] {""}
   *[other] {", "}{ $street }
 }?
checkout-same-again = Повернімося до замовлення: дані ті самі, що й минулого разу ({ $name }, телефон закінчується на { $digits })?
checkout-same-retry = Просто «так» або «ні», будь ласка: дані ті самі, що й минулого разу?
checkout-recipient-ask = На чиє імʼя оформити посилку?
checkout-recipient-again = Повернімося до замовлення: на чиє імʼя оформити посилку?
checkout-recipient-retry = Як звати того, хто отримає посилку? Наприклад: «Олена Петренко».
checkout-phone-ask = За яким номером курʼєр може зателефонувати?
checkout-phone-again = Повернімося до замовлення: за яким номером курʼєр може зателефонувати?
checkout-foreign-contact = Це { $name ->
    [none] чужий номер
   *[other] номер контакту { $name }
 }, { $phone }. Курʼєрові телефонувати на нього?
checkout-phone-retry = Не схоже на номер телефону. Напишіть його, будь ласка, з кодом країни, наприклад +370 600 00000.
checkout-delivery-ask = Як доставити замовлення?
    { $options }
checkout-delivery-again = Повернімося до замовлення: як його доставити?
checkout-delivery-retry = Оберіть, будь ласка, один із варіантів:
    { $options }
checkout-address-ask = Доставка: { $name }, { $price }. Разом { $total }. { $saved ->
    [office] Яка адреса вашого офісу: вулиця, будинок і місто?
    [home] Яка ваша домашня адреса: вулиця, будинок і місто?
   *[other] Яка адреса: вулиця, будинок і місто?
 }
checkout-address-again = Повернімося до замовлення: яка адреса? Вулиця, будинок і місто, будь ласка.
checkout-address-retry = Які вулиця, номер будинку й місто? Наприклад: «Gedimino 9, Vilnius».
checkout-city-ask = У якому це місті?
checkout-city-again = Повернімося до замовлення: у якому це місті?
checkout-city-retry = У яке місто надіслати посилку? Наприклад, «Вільнюс».
checkout-nearest-point = Найближчий пункт видачі: { $address }, приблизно { $km } км від вас.
checkout-points-far = До найближчого пункту видачі від вас приблизно { $km } км.
checkout-points-unplaced = Дякую! Не можу визначити, який із наших пунктів видачі найближчий до вас, тож оберіть, будь ласка, самі.
checkout-point-ask = Доставка: { $name }, { $price }. Разом { $total }. Який пункт видачі вам зручний?
    { $points }
checkout-point-again = Повернімося до замовлення: який пункт видачі вам зручний?
checkout-point-retry = Оберіть, будь ласка, один із цих пунктів видачі:
    { $points }
checkout-bill = { $bill }

    Отримувач: { $recipient }
    Доставка: { $delivery }, { $where }
    Оплата: { $payment }
checkout-bill-digital = { $bill }

    Отримувач: { $recipient }
    Доставка: { $delivery }
    Оплата: { $payment }
checkout-agreed-ask = Оформлюємо замовлення на { $total } (оплата: { $payment })?
checkout-agreed-again = Повернімося до замовлення: оформлюємо на { $total } (оплата: { $payment })?
checkout-agreed-retry = Оформити замовлення на { $total }? Скажіть «так» або напишіть, що змінити.
checkout-change-what = Що змінити?
checkout-pay-here = Замовлення { $number } оформлено. Сплатіть, будь ласка, { $total } тут:
checkout-transfer-here = Замовлення { $number } оформлено. Перекажіть, будь ласка, { $total } на цей рахунок і вкажіть у призначенні номер замовлення:
    { $account }
    Потім надішліть сюди фото або знімок екрана з переказом: менеджер перевірить надходження.
checkout-invoice-here = Замовлення { $number } оформлено. Сплатіть, будь ласка, { $total } просто тут, кнопкою під рахунком.
checkout-invoice-title = Замовлення { $number }
checkout-held-until = Усе відкладено для вас до { $until }.
checkout-placed = Дякуємо! Замовлення { $number } на { $total } оформлено, оплата: { $payment }. Уже збираємо.
checkout-thanks = Дякуємо, { $name }! Замовлення { $number } оплачено й підтверджено. Напишу, коли посилка вирушить у дорогу.
checkout-thanks-late = Оплата надійшла із запізненням, але всі товари ще були в наявності: замовлення { $number } оплачено й підтверджено.
checkout-thanks-digital = Дякуємо, { $name }! Замовлення { $number } оплачено. Менеджер надішле вам сюди, у чат: { $content }.
checkout-vat = Зокрема ПДВ { $rate }: { $amount }.
checkout-details = Отримувач: { $recipient }
    Доставка: { $delivery }, { $where }
    Оплата: { $payment }
    Маєте запитання? Напишіть мені тут{ $contact ->
    [none] {""}
   *[other] {" або сюди: "}{ $contact }
 }.
checkout-link-void = Попереднє посилання на оплату скасовано, гроші не списано.
checkout-cannot-change = Це замовлення вже оплачено, тому змінити його я не можу. Менеджер може, поки посилка ще в нас.
checkout-price-moved = За цей час дещо змінилося, ось новий розрахунок:
    { $bill }
checkout-payment-limit = Спосіб оплати «{ $name }» доступний для замовлень до { $limit }. Замість нього обрано інший.
checkout-payment-not-available = Спосіб оплати «{ $name }» для цього замовлення недоступний. Замість нього обрано інший.
checkout-mixed = У Telegram цифрові товари й речі оплачуються окремо. Оформіть їх, будь ласка, по черзі: приберіть одне з кошика, а потім додайте знову.
checkout-no-payment = Перепрошую, сплатити зараз не вийде. Кошик збережено, а із замовленням допоможе менеджер.
checkout-delivery-not-available = Для цього замовлення такий спосіб доставки не підходить. Оберімо інший.
checkout-not-there = Цим способом у місто { $city } не доставляємо. Оберімо інший.
checkout-held = { $name }: останню штуку зараз оплачує інший покупець, її відкладено до { $until }.
checkout-instead = Зараз у наявності: { $name }, { $price }.
checkout-held-ask = Повідомити, якщо звільниться? Кошик залишиться як є.

## Оплата

payment-settled = Замовлення { $number } оплачено. Дякуємо!
payment-revived = Оплата надійшла із запізненням, але всі товари ще були в наявності: замовлення { $number } оплачено й підтверджено.
payment-proof-taken = Дякую! Менеджер перевірить, чи надійшов переказ за замовлення { $number }, і я вам напишу.
payment-not-found = Переказ за замовлення { $number } на нашому рахунку не знайшовся. Можливо, банку потрібно більше часу; або надішліть інше фото, де видно рахунок і суму.
payment-declined = Оплата замовлення { $number } не пройшла, гроші не списано. Можна спробувати ще раз або сплатити інакше.
payment-on-its-way = Гроші за замовлення { $number } ще в дорозі, а резерв уже закінчився. Щойно вони надійдуть, я напишу вам: якщо все ще є, замовлення продовжиться; якщо ні, повернемо всю суму.
payment-unclear = Дякуємо: за замовлення { $number } надійшло { $amount }, це не та сума, на яку ми чекали. Наш менеджер розбереться й напише вам тут; гроші не пропадуть.
payment-expired = Термін дії посилання на оплату замовлення { $number } минув, гроші не списано.
payment-new-link = Зробити нове посилання?
payment-refunded-late = Перепрошуємо: оплата замовлення { $number } надійшла, коли резерв уже закінчився й товару не залишилося. Повернемо вам усю суму: { $amount }.
payment-refunded-double = Замовлення { $number } оплачено двічі. Зайву оплату повернемо: { $amount }.
payment-refunded-other = Оплата замовлення { $number } надійшла, коли його вже було скасовано. Повернемо вам усю суму: { $amount }.
payment-refunded-edit = Змінити замовлення { $number } вже не вдалося, воно залишається таким, як було. Доплату повернемо повністю: { $amount }.
payment-refunded-approved = Повернення за замовлення { $number } перевірено: повернемо { $amount } у той самий спосіб, яким ви платили.
payment-refunded-shop = Повертаємо вам { $amount } за замовлення { $number }.
payment-refund-by = Гроші мають надійти не пізніше { $day }.
payment-refund-refused = Перепрошуємо: просто повернути { $amount } за замовлення { $number } ми не змогли. Наш менеджер напише вам тут і все пояснить.
payment-here = Оплата тут, на сторінці платіжної системи:
payment-try-again = Перепрошую за незручності. Ось сторінка оплати ще раз; двічі гроші не спишуться.
payment-refused-unknown = Ми не знаємо такого платежу, гроші не списано. Напишіть нам, будь ласка, у чат.
payment-refused-paid = Це замовлення вже оплачено, більше нічого не списано. Дякуємо!
payment-refused-over = Термін цього платежу минув, гроші не списано. Напишіть нам у чат: перевіримо, чи все ще є.
payment-refused-amount = Замовлення відтоді змінилося, гроші не списано. Сплатіть, будь ласка, за останнім повідомленням у чаті.
payment-refused-payer = Цей рахунок виставлено іншому покупцеві, гроші не списано. Напишіть нам самі, і ми виставимо рахунок вам.
payment-nothing-open = Зараз немає замовлення, яке чекає на оплату.

## Зміна оплаченого замовлення

edit-what = Що змінити в замовленні { $number } ({ $content })? Просто напишіть: щось додати чи прибрати, взяти більше або менше, змінити колір.
edit-which = Що саме ви маєте на увазі?
edit-line-added = + { $quantity } × { $name }
edit-line-removed = − { $quantity } × { $name }
edit-line-set = { $name }: { $quantity } замість { $count }
edit-proposed = Ось як зміниться замовлення { $number }:
    { $lines }
    Нова сума: { $total } (зараз { $old }).
edit-moved = Відтоді дещо змінилося, тож уточню ще раз:
edit-sure-pay = Це на { $amount } більше. Змінити замовлення? Доплатити треба буде лише різницю.
edit-sure-back = Вам повернеться { $amount }. Змінити замовлення?
edit-sure-back-waits = Має повернутися { $amount }; таку суму спершу перевіряє наш менеджер. Змінити замовлення?
edit-sure-same = Сума не зміниться. Змінити замовлення?
edit-done = Готово: замовлення { $number } змінено.
edit-now = Тепер у замовленні: { $content }.
edit-back = Повернемо { $amount } у той самий спосіб, яким ви платили.
edit-back-waits = Перш ніж повернути вам { $amount }, це перевірить наш менеджер. Відразу після цього напишемо вам тут.
edit-until = Замовлення зміниться, щойно надійде доплата; до { $until } усе для нього відкладено. Якщо доплати до того часу не буде, замовлення залишиться таким, як було.
edit-pay-here = Доплата за замовленням { $number }: { $amount }. Сплатіть, будь ласка, тут:
edit-transfer-here = Доплата за замовленням { $number }: { $total }. Перекажіть її, будь ласка, на цей рахунок і вкажіть у призначенні номер замовлення:
    { $account }
edit-invoice-here = Доплата за замовленням { $number }: { $total }. Сплатіть, будь ласка, просто тут, кнопкою під рахунком.
edit-paid = Дякуємо, доплату отримано: замовлення { $number } змінено.
edit-kept = Добре, замовлення залишається таким, як було.
edit-stays = Замовлення { $number } залишається без змін.
edit-expired = Доплата за замовленням { $number } вчасно не надійшла, тож замовлення залишається таким, як було.
edit-too-late = Посилка із замовленням { $number } щойно поїхала, і змінити його вже не можна. Якщо ви все ж доплатите, ми повернемо ці гроші.
edit-packed = Замовлення { $number } вже в дорозі, тому змінити його я не можу. Менеджер допоможе з поверненням або з новим замовленням.
edit-disputed = Оплату замовлення { $number } зараз перевіряють, тому змінити його поки не можна. Докладніше розповість менеджер.
edit-over = Замовлення { $number } змінити вже не можна. Менеджер вам допоможе.
edit-digital = Те, що надходить у чат, змінити я не можу, але може менеджер.
edit-not-in-it = У замовленні { $number } я цього не бачу ({ $content }).
edit-same = Замовлення { $number } вже таке: { $content }.
edit-only = Тоді в замовленні { $number } нічого не залишиться. Скасувати оплачене замовлення може менеджер: покликати його?

## Де моя посилка

tracking-order-line = Замовлення { $number } ({ $content }).
tracking-status-created = Етикетка готова, але перевізнику ({ $carrier }) посилку ще не передано й не відскановано.
tracking-status-accepted = Посилка вже в перевізника ({ $carrier }).
tracking-status-in-transit = Посилка в дорозі, її везе { $carrier }.
tracking-status-out-for-delivery = Курʼєр привезе посилку сьогодні.
tracking-status-ready-for-pickup = Посилка чекає на вас у пункті видачі.
tracking-status-delivered = Посилку доставлено.
tracking-status-failed-attempt = Посилку намагалися доставити ({ $carrier }), але нікого не застали.
tracking-status-returned = Посилка їде назад до нас.
tracking-status-exception = { $carrier } повідомляє про проблему з посилкою; наш співробітник уже розбирається.
tracking-last = Остання подія: { $status ->
    [created] етикетку створено
    [accepted] посилка в перевізника
    [in_transit] посилка в дорозі
    [out_for_delivery] посилка в курʼєра
    [ready_for_pickup] посилка в пункті видачі
    [delivered] посилку доставлено
    [failed_attempt] спроба доставки
    [returned] посилку відправлено назад
   *[other] повідомлення про проблему
 }, { $at }{ $place ->
    [none] {""}
   *[other] {", "}{ $place }
 }.
tracking-window = Посилка має прийти з { $first } по { $last }.
tracking-late = Посилку обіцяли з { $first } по { $last }, і вона запізнюється. Перепрошуємо. Можна зачекати, попросити нас дізнатися в перевізника або повернути гроші: менеджер вирішить це разом із вами.
tracking-order-awaiting-payment = Замовлення { $number } ({ $content }) оформлено, але ще не оплачено.
tracking-order-confirmed = Замовлення { $number } ({ $content }) підтверджено, збираємо його.
tracking-order-expired = Замовлення { $number } ({ $content }) не було вчасно оплачено, гроші не списано.
tracking-order-paid = Замовлення { $number } ({ $content }) оплачено, збираємо його.
tracking-order-digital = Замовлення { $number } ({ $content }) оплачено; менеджер надішле його сюди, у чат.
tracking-order-shipped = Замовлення { $number } ({ $content }) у дорозі.
tracking-order-delivered = Замовлення { $number } ({ $content }) доставлено.
tracking-order-returned = Замовлення { $number } ({ $content }) повернулося до нас.
tracking-order-cancelled = Замовлення { $number } ({ $content }) скасовано.
tracking-which = Про яке замовлення йдеться: { $content }?
tracking-no-orders = Ваших замовлень поки що не бачу. Якщо ви замовляли не тут, з пошуком допоможе менеджер.
tracking-cancel-sure = Скасувати замовлення { $number } ({ $content })? Гроші за нього не списано.
tracking-cancelled = Замовлення { $number } скасовано, гроші не списано.
tracking-moved-in-transit = Ваше замовлення { $number } у дорозі.
tracking-moved-out-for-delivery = Ваше замовлення { $number } у курʼєра й приїде сьогодні.
tracking-moved-ready-for-pickup = Ваше замовлення { $number } чекає на вас у пункті видачі.
tracking-moved-delivered = Ваше замовлення { $number } доставлено. Хай тішить!
tracking-moved-failed-attempt = Курʼєр намагався доставити ваше замовлення { $number }, але нікого не застав. Він спробує ще раз.
tracking-moved-returned = Ваше замовлення { $number } їде назад до нас. Менеджер вам про це напише.
tracking-moved-exception = Із посилкою (замовлення { $number }) виникла проблема. Наш співробітник уже розбирається.

## Відгук

feedback-rating-ask = Як усе пройшло із замовленням? Пʼять зірок — чудово, одна — погано.
feedback-rating-again = А як усе пройшло із замовленням: від однієї до пʼяти зірок?
feedback-rating-retry = Число від одного до пʼяти, будь ласка.
feedback-glad = Дякуємо, нам дуже приємно!
feedback-sorry = Шкода, що не все сподобалося. Менеджер про це вже знає.
feedback-sorry-task = Дякуємо, що розповіли. Менеджер про це вже знає.
feedback-thanks = Дякуємо, що розповіли!
feedback-what-was-wrong = Що було не так?

## Жива людина

handoff-called = Кличу менеджера. { $ahead ->
    [0] Перед вами нікого немає.
    [one] Перед вами { $ahead } людина.
    [few] Перед вами { $ahead } людини.
   *[many] Перед вами { $ahead } людей.
 } Усе наше листування передано, повторювати нічого не доведеться.
handoff-called-minutes = Кличу менеджера. Зазвичай чекати близько { $minutes } хв. Усе наше листування передано, повторювати нічого не доведеться.
handoff-off-duty = Ваше прохання передано менеджеру. Зараз на місці нікого немає; менеджери будуть з { $opens } і протягом { $within } хвилин дадуть вам відповідь. Якщо хочете, щоб вам зателефонували, залиште номер. А я тим часом можу допомагати далі.
handoff-off-duty-unknown = Ви у списку до менеджера. Зараз нікого немає на звʼязку; вам дадуть відповідь тут, щойно хтось зʼявиться. А поки що я на звʼязку і можу допомогти.
handoff-back = Це знову я, бот. Про що домовилися, знаю.
handoff-passed-question = Запитання передано менеджеру, відповідь прийде сюди.
handoff-passed-return = Менеджер подивиться й відповість тут.
handoff-passed-payment = Перепрошую за незручності. Менеджер перевірить оплату й відповість тут; двічі гроші не спишуться.
handoff-cancel-order = Розумію, ви хочете скасувати замовлення.
handoff-edit-order = Розумію, ви хочете змінити замовлення.
handoff-return-item = Розумію, ви хочете повернути товар.
handoff-damaged-item = Перепрошую, дуже шкода, що так сталося.
handoff-exchange-item = Розумію, ви хочете обміняти товар.
handoff-refund-status = Розумію, ви питаєте про повернення грошей.
handoff-reorder = Розумію, ви хочете замовити те саме ще раз.

## Запитання

faq-answer = { $text }
faq-payments = Сплатити можна так: { $names }.
faq-payment-yes = Так, можна: { $name }.
faq-payment-limit = Для замовлень до { $limit } можна: { $name }.

## Згода на розсилку

consent-on = Знову писатимемо вам про акції. Щоб відписатися, напишіть «СТОП».
consent-opt-in = Пропозиції нашого магазину
consent-off = Готово: реклами від нас більше не буде. Щоб її повернути, напишіть «START».
consent-off-open-order = Готово: реклами від нас більше не буде. Про ваше поточне замовлення писатимемо й далі. Щоб повернути рекламу, напишіть «START».

## Видалення даних (сторінка запиту)

privacy-title = Видалення ваших даних
privacy-received = Ваш запит отримано. Дані буде видалено за кілька хвилин.
privacy-waiting = Усе, що ви писали, видалено. Одне з ваших замовлень іще виконується: імʼя й адресу видалимо, коли його буде завершено.
privacy-by-hand = Не вдалося автоматично визначити, яка розмова ваша. Цим займеться людина, щонайпізніше за 30 днів.
privacy-done = Усе видалено. Від замовлень лишилися тільки товари, суми й дати, як вимагає бухгалтерський облік; вашого імені в них більше немає.
privacy-unknown = Такого коду немає. Перевірте, будь ласка, адресу.
privacy-code = Код вашого запиту: { $code }

## Тривоги, для власника магазину

alarm-down = ⚠️ { $channel } не працює: покупці там зараз не отримують відповідей.
alarm-look = ⚠️ { $channel }: варто перевірити налаштування.
alarm-token = ⚠️ { $channel }: термін дії токена невдовзі спливає. Будь ласка, створіть новий завчасно.
alarm-silent = ⚠️ { $channel }: незвично довго немає жодного повідомлення. Будь ласка, напишіть туди магазину самі, щоб перевірити.
alarm-halted = ⚠️ { $channel }: надсилання тимчасово зупинено. Нічого не загубиться: повідомлення чекають своєї черги.
alarm-denied = ⚠️ { $channel } не дозволяє магазину частину повідомлень: бракує дозволу. Решта надходить як завжди.
alarm-piling = ⚠️ { $channel }: повідомлення накопичуються й не доходять до магазину.
alarm-probe = ⚠️ { $channel }: магазин недоступний ззовні.
alarm-over = ✅ { $channel }: знову все гаразд. Що було не так: { $what }
alarm-test = ✅ Перевірка від бота вашого магазину: якщо з месенджером щось станеться, повідомлення прийде сюди.
alarm-webchat = Чат на вашому сайті

## Менеджери, як їх показує Messenger

persona-name = { $name }, { $shop }

## Кнопки (20 знаків вміщуються всюди)

button-add = У кошик
button-choose = Обрати
button-alert = Повідомити про появу
button-no-thanks = Ні, дякую
button-call-this = Так, телефонувати сюди
button-to-the-shop = Відкрити в магазині
button-more = Показати ще
button-browse = Переглянути товари
button-gift = Підібрати подарунок
button-cart = Мій кошик
button-human = Покликати людину
button-track = Де моя посилка?
button-checkout = Оформити замовлення
button-take-both = { $free } { $name } + { $missing } { $other }
button-take-free = { $free } { $name }
button-edit-cart = Змінити кошик
button-undo = Повернути як було
button-clear = Очистити кошик
button-remove = Прибрати: { $name }
button-continue = Продовжити
button-start-over = Почати спочатку
button-yes-clear = Так, очистити
button-no-keep = Ні, залишити
button-yes-human = Так, будь ласка
button-no-continue = Ні, продовжимо
button-yes-apply = Так, { $code }
button-switch = Змінити на { $code }
button-use = Додати { $code }
button-promos = Поточні акції
button-ask-manager = Запитати менеджера
button-gift-cosy = Щось затишне
button-gift-practical = Щось корисне
button-gift-wear = Щось з одягу
button-yes-same = Так, ті самі
button-no-other = Ні, інші дані
button-pay = Сплатити
button-order = Замовити
button-pay-now = Сплатити зараз
button-receipt = Чек
button-change = Змінити
button-change-delivery = Доставка
button-change-address = Адреса
button-change-recipient = Імʼя або телефон
button-leave = Вийти з оформлення
button-other-way = Сплатити інакше
button-cancel-order = Так, скасувати
button-keep-order = Ні, залишити
button-change-order = Так, змінити
button-new-link = Так, нове посилання
button-follow = Відстежити посилку
button-mean-faq-delivery = Доставка
button-mean-faq-payment = Способи оплати
button-mean-faq-returns = Умови повернення
button-mean-faq-hours = Години роботи
button-mean-faq-contact = Контакти
button-mean-faq-gift-wrap = Святкове пакування
button-mean-faq-invoice = Рахунок на фірму
button-mean-faq-warranty = Гарантія
button-mean-faq-wholesale = Опт
button-mean-track-order = Де моє замовлення
button-mean-refund-status = Повернення коштів
button-mean-return-item = Повернути товар
button-mean-exchange-item = Обміняти товар
button-mean-damaged-item = Прийшло з дефектом
button-mean-cancel-order = Скасувати замовлення
button-mean-edit-order = Змінити замовлення
button-mean-reorder = Повторити замовлення
button-mean-payment-problem = Не проходить оплата
button-mean-ask-promo = Акції та промокоди
button-mean-ask-price = Ціна
button-mean-ask-stock = Чи є в наявності?
button-mean-product-details = Про товар
button-mean-size-help = Допомога з розміром
button-mean-compare = Порівняти товари
button-mean-show-photo = Фото
button-mean-browse = Переглянути товари
button-mean-find-gift = Підібрати подарунок
button-mean-show-cart = Мій кошик
button-mean-checkout = Оформити замовлення
button-mean-explain-total = З чого ця сума
button-mean-human = Покликати людину

ask-phone = Надіслати мій номер
ask-email = Надіслати мій e-mail
ask-location = Надіслати геопозицію
