### Что магазин говорит по-русски. Каждое { $name } оставляйте на месте: магазин подставит значение сам.
### Тексты на других языках лежат рядом: те же ключи в том же порядке.

## Приветствие

greeting-hello = Здравствуйте! Я бот, помощник магазина: помогу выбрать, оформлю заказ и прослежу за посылкой. Если нужен живой человек, только скажите. Что ищете?
greeting-friend = Здравствуйте{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }! Рады видеть вас снова. Чем помочь сегодня?
greeting-hi = Здравствуйте!
greeting-here = Да, я здесь. Что ищете?
greeting-welcome-back = С возвращением{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }!
greeting-back-empty = Рады видеть вас снова! Корзина сейчас пуста. Посмотрим, что есть?
greeting-go-on = Продолжим.

## Меню, первые вопросы, команды

menu-greeting = Здравствуйте! Это { $shop }. Спрашивайте о товарах, заказывайте прямо здесь, следите за посылкой. Отвечает бот, по первой просьбе — человек.
menu-catalogue = Посмотреть товары
menu-gift = Подобрать подарок
menu-cart = Моя корзина
menu-orders = Где мой заказ?
menu-human = Позвать человека
menu-ask-gift = Поможете выбрать подарок?
menu-ask-catalogue = Что у вас есть?
menu-ask-delivery = Как и за сколько вы доставляете?
menu-ask-human = Можно поговорить с человеком?
menu-command-catalogue = Посмотреть, что у нас есть
menu-command-cart = Показать корзину
menu-command-checkout = Оформить заказ
menu-command-orders = Где мой заказ?
menu-command-human = Позвать человека
menu-command-help = Что я умею
menu-command-cancel = Прервать начатое

## Разговор ни о чём и то, чем магазин не занимается

smalltalk-goodbye = До свидания, заходите ещё!
smalltalk-welcome = Пожалуйста, обращайтесь!
smalltalk-praise = Спасибо, очень приятно!
smalltalk-sorry = Простите, что так вышло.
smalltalk-i-am-a-bot = Я бот и работаю в этом магазине. Помогу выбрать, оформить заказ и узнать, где посылка; а если попросите, сразу позову человека.
smalltalk-small = Всё отлично, спасибо! Подберём вам что-нибудь приятное?
smalltalk-language = Конечно, продолжим по-русски.
smalltalk-out-of-scope = Тут я не помогу: знаю только наш магазин. Зато подскажу про товары, заказы и доставку.
smalltalk-photo = Спасибо за фото! Мне его не рассмотреть, а человек сможет. О чём речь?
smalltalk-card-number = Пожалуйста, не пишите номер карты в чат: я его скрыл, магазин его нигде не хранит. Оплата проходит на странице платёжного сервиса, ссылку я пришлю, когда заказ будет готов. Остальное в том сообщении я не учёл: напишите ещё раз, уже без данных карты.
smalltalk-location = Спасибо! Для доставки нужен адрес словами: улица, дом и город.
smalltalk-contact = Спасибо! Номер телефона я спрошу при оформлении заказа.
smalltalk-unreadable = Я понимаю только текст. Напишите, пожалуйста, в нескольких словах, или давайте позову человека.
smalltalk-mention = Спасибо, что упомянули нас! Если хотите о чём-то спросить, просто напишите.
comment-intro = Здравствуйте! Я бот магазина. Вы написали под нашей публикацией: «{ $words }». Просто ответьте здесь, и мы продолжим.
follow-done = Готово: если в другом мессенджере уже нельзя будет писать, о посылке сообщу здесь. Если больше не нужно, напишите «отписаться».
smalltalk-yes-what = С удовольствием! Что сделать?

## Когда что-то пошло не так

repair-first-miss = Не получилось вас понять. Можно другими словами?
repair-either = Хочу понять вас правильно: что из этого вы имеете в виду?
repair-second-miss = Простите, всё ещё не понимаю.
repair-offer-person = Позвать человека?
repair-cancelled = Хорошо, остановились. Корзина на месте.
repair-nothing-to-cancel = Сейчас нечего останавливать. Чем помочь?
repair-as-you-wish = Как скажете!
repair-back = Хорошо, шаг назад.
repair-nothing-to-go-back = Здесь возвращаться некуда. Чем помочь?
repair-restarted = Начнём сначала. Корзина сохранилась. Что ищете?
repair-take-your-time = Конечно, не спешите.
repair-nothing-said = Пока повторять нечего. Что ищете?
repair-help = Спрашивайте о товарах, ценах и доставке, пишите «добавь две чёрные кружки», вводите промокод, оформляйте и оплачивайте заказ прямо здесь. Ещё понимаю «где моя посылка» и «отмени последнее», а на «позовите менеджера» ответит человек.
repair-skipped = Хорошо, это пропустим.
repair-cannot-skip = Без этого заказ не оформить.
repair-stale = Эта кнопка осталась от прошлого шага. Ничего не изменилось.
repair-what-now = Ничего не менялось. Что делаем дальше?
repair-noted = Принято.
repair-noted-what = Принято: { $what }.
repair-failed = У нас что-то сломалось, и последнее сообщение не удалось обработать. Менеджер посмотрит, что случилось; напишите, пожалуйста, ещё раз.

## Поиск товаров

discovery-found = { $count ->
    [one] Вот что нашлось:
    [few] Вот что нашлось:
   *[many] Вот что нашлось:
 }
discovery-nothing = Ничего похожего не нашлось. Показать, что у нас есть, или позвать человека?
discovery-no-more = Это всё, больше ничего похожего у нас нет.
discovery-none-cheaper = Дешевле у нас ничего нет. Показать, какие сейчас есть акции?
discovery-no-suggestion = Сейчас ничего не нашлось на { $budget }. Показать, что у нас есть?
discovery-suggested = Вот { $count } { $count ->
    [one] идея
    [few] идеи
   *[many] идей
 } до { $budget }:
discovery-suggested-free = Вот { $count } { $count ->
    [one] идея
    [few] идеи
   *[many] идей
 }:
discovery-narrow = Что подойдёт лучше: что-то уютное, что-то полезное или что-то из одежды?
discovery-variant = { $name }: { $price }. { $stock ->
    [low] { $count ->
        [one] Осталась всего { $count } штука.
        [few] Осталось всего { $count } штуки.
       *[many] Осталось всего { $count } штук.
     }
   *[there] Есть в наличии.
 }
discovery-product = { $name }. { $description }
discovery-from-price = от { $price }
discovery-also-back = { $name }: снова будет { $day }.
discovery-cheapest-delivery = Доставка от { $price } ({ $name }).
discovery-not-like-that = { $kinds ->
    [1] { $name }: есть только в одном варианте.
   *[other] { $name }: такого варианта нет. Вот какие есть:
}
discovery-not-like-that-now = { $name }: такого варианта сейчас нет. Вот какие есть:
discovery-which = Какой вариант выбираете?
discovery-which-product = О каком товаре речь?
discovery-unknown-post = Не могу понять, какой именно товар в этой публикации. Как он называется или как выглядит?
showcase-from = от { $price }
showcase-sold-out = { $price }, сейчас нет в наличии
discovery-sold-out = { $name }: сейчас нет в наличии.
discovery-sold-out-until = { $name }: сейчас нет в наличии, снова будет { $day }.
discovery-instead = Сейчас в наличии:
    { $variants }
discovery-alert-or-other = Подойдёт что-то из этого или сообщить, когда снова появится?
discovery-alert = Сообщить, когда снова появится?
discovery-watched = Хорошо, напишу сразу, как только появится: { $name }.
discovery-watched-already = Вы уже в списке. Напишу сразу, как только появится: { $name }.
discovery-back-in-stock = Хорошая новость, снова в наличии: { $name }, { $price }. Положить в корзину?
discovery-fact = { $name }, { $fact }: { $value }.
discovery-fact-unknown = Точно не знаю ({ $name }), а гадать не хочется.
discovery-description = В описании сказано: { $description }
discovery-ask-a-person = Спросить менеджера?
discovery-compare-what = Какие два товара сравнить? Назовите их или скажите «первый и второй».
discovery-compared = Сравним:
    { $lines }
discovery-compare-line = { $name }: { $price }, { $stock ->
    [low] { $count ->
        [one] осталась всего { $count } штука
        [few] осталось всего { $count } штуки
       *[many] осталось всего { $count } штук
     }
   *[there] есть в наличии
 }
discovery-compare-facts = Чем отличаются:
    { $lines }
discovery-compare-fact = { $fact }: { $values }
discovery-no-difference = По моим данным других отличий нет, цена одинаковая.
discovery-cheapest = Дешевле: { $name }, { $price }.

stock-there = Есть в наличии
stock-low = { $count ->
    [one] Осталась всего { $count } штука
    [few] Осталось всего { $count } штуки
   *[many] Осталось всего { $count } штук
 }
stock-back-on = Нет в наличии, снова будет { $day }
stock-none = Нет в наличии

variant-line = { $name }: { $price }
list-line = { $n }. { $line }

## Корзина

cart-add-it = Положить в корзину?
cart-which-of-these = Что именно из этого?
cart-added = Добавлено: { $items }.
cart-set = { $name }: теперь { $quantity } { $quantity ->
    [one] штука
    [few] штуки
   *[many] штук
 }.
cart-removed = Убрано: { $items }.
cart-variant = Теперь так: { $name }.
cart-cleared = Корзина теперь пуста. Чтобы вернуть всё обратно, напишите «верни как было».
cart-same-as = То же, что в заказе { $number }.
cart-no-longer-sold = Больше не продаётся: { $names }.
cart-undone = Отменено: { $items }.
cart-empty = Корзина пуста: { $total }.
cart-one-line = { $line }
    Итого: { $total }
cart-bill = В корзине:
    { $bill }
cart-is-here = Ваша корзина на месте. Цены и наличие проверены заново.
cart-cut = { $name }: { $free ->
    [one] осталась всего { $free } штука
    [few] осталось всего { $free } штуки
   *[many] осталось всего { $free } штук
 }, поэтому вместо { $wanted } теперь { $free }.
cart-repriced = { $name }: теперь { $new } вместо { $old }.
cart-total-moved = Итого теперь { $total } вместо { $before }.
cart-go-on = Продолжим или начнём сначала?
cart-only = { $name }: { $free ->
    [one] осталась всего { $free } штука
    [few] осталось всего { $free } штуки
   *[many] осталось всего { $free } штук
 }.
cart-short-ask = { $options }
    Что выбираете?
cart-take-both = { $free } × { $name } + { $missing } × { $other }: { $total }
cart-take-free = { $free } × { $name }: { $total }
cart-which-variant = { $name } есть в нескольких вариантах:
    { $variants }
    Какой выбираете?
cart-which-variant-again = Вернёмся к товару «{ $name }»: какой вариант выбираете?
cart-add-what = Что положить в корзину?
cart-change-what = Какую позицию изменить?
cart-remove-what = Какую позицию убрать?
cart-how-many = Сколько штук?
cart-sure-to-change = Уточню на всякий случай: сделать так?
cart-sure-to-clear = Очистить всю корзину?
cart-edit = Что изменить? Можно и написать: «две свечи», «без кружки».
cart-nothing-to-undo = Больше отменять нечего.
cart-nothing-to-undo-empty = Корзина пуста, отменять нечего.
cart-not-there = В корзине этого нет.
cart-what-with-that = Спасибо, запомню. Что делаем дальше?

## Расчёт

bill-goods = { $quantity } × { $name }: { $amount }
bill-goods-total = Товары: { $goods }
bill-manual = { $quantity } × { $name }: { $amount } ({ $reason })
bill-discount = { $code }: { $amount }{ $reason ->
    [first_order] {" "}({ $percent } %, первый заказ)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % на часть товаров)
   *[other] {""}
 }
bill-delivery = { $name }: { $amount }
bill-free-delivery = { $code }: { $amount } (бесплатная доставка)
bill-why = { $code }{ $reason ->
    [first_order] {" "}({ $percent } %, первый заказ)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % на часть товаров)
    [free_delivery] {" "}(бесплатная доставка)
   *[other] {""}
 }
bill-total = Итого: { $total }

## Промокоды

promo-which-code = Какой промокод?
promo-applied = Промокод { $code } применён:
    { $bill }
promo-applied-short = Промокод { $code } применён.
promo-applied-empty = Промокод { $code } принят. Он сработает, как только в корзине что-нибудь появится.
promo-dropped = { $code } больше не действует: эти два промокода нельзя совместить.
promo-removed = Без { $code } получается так:
    { $bill }
promo-removed-short = Промокод { $code } убран.
promo-none-to-remove = В корзине нет промокода.
promo-did-you-mean = Вы имели в виду { $code }?
promo-would-give = С { $code } вместо { $against } вышло бы { $total }; вместе они не действуют.
promo-switch-ask = Поменять на { $code }?
promo-many-tries = Промокодов было уже немало. Подождите минутку перед следующим, или пусть посмотрит человек.
promo-nudge = Кстати, с { $code } вышло бы { $total }, на { $saving } меньше.
promo-list = Сейчас действуют такие предложения:
promo-line = { $code }: { $text }
promo-line-total = { $code }: { $text } (с ним итого { $total })
promo-none = Сейчас акций нет.
promo-no-haggling = Менять цены я не могу, зато расскажу обо всех акциях.
promo-no-such-promise = Записи об особой цене не нашлось, поэтому ваш вопрос уже передан менеджеру. Пока действует цена магазина.
promo-promise-found = Да, есть запись: { $name }, { $price } ({ $reason }).
promo-explained = Вот из чего складывается сумма:
    { $bill }
promo-instead = С { $code } вместо { $against } было бы так:
    { $bill }
    Вместе они не действуют.
promo-could-add = С { $code } было бы так:
    { $bill }

promo-refused-unknown = Промокод { $code } мне незнаком.
promo-refused-expired = Срок действия { $code } закончился { $day }.
promo-refused-not-yet = { $code } начнёт действовать { $day }.
promo-refused-personal = { $code } — личный промокод, для этого аккаунта он не действует.
promo-refused-used-up = Промокод { $code } уже исчерпан.
promo-refused-already-used = Вы уже использовали { $code }; для каждого покупателя он действует один раз.
promo-refused-not-first-order = { $code } действует только на первый заказ.
promo-refused-goods-below = Для { $code } нужно товаров на { $needs }; не хватает { $missing }.
promo-refused-quantity-below = Для { $code } подходящих товаров нужно не меньше { $quantity }.
promo-refused-not-combinable = { $code } нельзя совместить с { $against }.
promo-refused-outside-hours = { $code } сегодня действует только в это время: { $hours }.
promo-refused-no-matching-goods = { $code } действует на другие товары, не на те, что в корзине.
promo-refused-wrong-channel = В этом чате { $code } не действует.
promo-refused-wrong-segment = Для этого аккаунта { $code } не действует.
promo-refused-already-applied = { $code } уже применён.
promo-refused-slow-down = Давайте не спешить: { $code } не подошёл, и до него было несколько неверных промокодов.
promo-lost-goods-below = { $code } больше не действует: нужно товаров на { $needs }.
promo-lost-quantity-below = { $code } больше не действует: подходящих товаров нужно не меньше { $quantity }.
promo-lost-not-combinable = { $code } больше не действует: его нельзя совместить с { $against }.
promo-lost-no-matching-goods = { $code } больше не действует: в корзине нет подходящих товаров.
promo-lost-other = { $code } больше не действует.

## Доставка

delivery-line = { $name }: { $price }, { $when ->
    [same_day] сегодня при оплате до { $until }, иначе завтра
   *[days] { $min }–{ $max } { $max ->
        [one] день
        [few] дня
       *[many] дней
     }
 }
delivery-line-total = { $name }: { $price }, { $when ->
    [same_day] сегодня при оплате до { $until }, иначе завтра
   *[days] { $min }–{ $max } { $max ->
        [one] день
        [few] дня
       *[many] дней
     }
 } (итого { $total })
delivery-options = Доставляем так:
    { $lines }
delivery-elsewhere = Не могу обещать, что мы доставляем туда: точно скажет человек. Обычно мы отправляем так:
    { $lines }
delivery-by-sure = Да, до { $day } включительно успеем, если заказать и оплатить сегодня:
    { $lines }
delivery-by-maybe = К { $day } посылка может успеть, но обещать не могу. Если заказать и оплатить сегодня:
    { $lines }
delivery-by-no = К { $day } мы, к сожалению, не успеем. Быстрее всего, если заказать и оплатить сегодня:
    { $lines }
delivery-no-hours = В какое время дня привезут, обещать не могу; человек может уточнить это у курьера.
delivery-line-by = { $name }: { $price }, { $when ->
    [one] { $first }
   *[days] { $first } – { $last }
 }
delivery-cheaper = Да, { $name } дешевле: { $price } против { $old }.
    { $lines }
delivery-dearer = Нет, { $name } дороже: { $price } против { $old }.
    { $lines }
delivery-same-price = Стоят одинаково: { $name } — { $price }, { $other } — { $old }.
    { $lines }
delivery-one = { $lines }
delivery-options-to = Да, в город { $city } доставляем:
    { $lines }
delivery-not-there = Таким способом в город { $city } не доставляем. А вот так можно:
    { $lines }
delivery-chosen = Хорошо, { $name }:
    { $bill }
delivery-chosen-empty = Хорошо, для вашего заказа запомню: { $name }, { $price }.
delivery-point = { $address }

## Оформление

checkout-empty = Корзина пуста, оформлять пока нечего. Поищем что-нибудь?
checkout-same-ask = Взять те же данные, что в прошлый раз: { $name }, телефон оканчивается на { $digits }{ $street ->
    [none] {""}
   *[other] {", "}{ $street }
 }?
checkout-same-again = Вернёмся к заказу: данные те же, что в прошлый раз ({ $name }, телефон оканчивается на { $digits })?
checkout-same-retry = Просто «да» или «нет», пожалуйста: данные те же, что в прошлый раз?
checkout-recipient-ask = На чьё имя оформить посылку?
checkout-recipient-again = Вернёмся к заказу: на чьё имя оформить посылку?
checkout-recipient-retry = Как зовут того, кто получит посылку? Например: «Анна Петрова».
checkout-phone-ask = По какому номеру курьер может позвонить?
checkout-phone-again = Вернёмся к заказу: по какому номеру курьер может позвонить?
checkout-foreign-contact = Это { $name ->
    [none] чужой номер
   *[other] номер контакта { $name }
 }, { $phone }. Курьеру звонить по нему?
checkout-phone-retry = Не похоже на номер телефона. Напишите его, пожалуйста, с кодом страны, например +370 600 00000.
checkout-delivery-ask = Как доставить заказ?
    { $options }
checkout-delivery-again = Вернёмся к заказу: как его доставить?
checkout-delivery-retry = Выберите, пожалуйста, один из вариантов:
    { $options }
checkout-address-ask = Доставка: { $name }, { $price }. Итого { $total }. { $saved ->
    [office] Какой адрес у вашего офиса: улица, дом и город?
    [home] Какой у вас домашний адрес: улица, дом и город?
   *[other] Какой адрес: улица, дом и город?
 }
checkout-address-again = Вернёмся к заказу: какой адрес? Улица, дом и город, пожалуйста.
checkout-address-retry = Какие улица, номер дома и город? Например: «Gedimino 9, Vilnius».
checkout-city-ask = В каком это городе?
checkout-city-again = Вернёмся к заказу: в каком это городе?
checkout-city-retry = В какой город отправить посылку? Например, «Вильнюс».
checkout-nearest-point = Ближайший пункт выдачи: { $address }, примерно { $km } км от вас.
checkout-points-far = Ближайший пункт выдачи примерно в { $km } км от вас.
checkout-points-unplaced = Спасибо! Не могу определить, какой из наших пунктов выдачи ближе к вам, поэтому выберите, пожалуйста, сами.
checkout-point-ask = Доставка: { $name }, { $price }. Итого { $total }. Какой пункт выдачи вам удобен?
    { $points }
checkout-point-again = Вернёмся к заказу: какой пункт выдачи вам удобен?
checkout-point-retry = Выберите, пожалуйста, один из этих пунктов выдачи:
    { $points }
checkout-bill = { $bill }

    Получатель: { $recipient }
    Доставка: { $delivery }, { $where }
    Оплата: { $payment }
checkout-bill-digital = { $bill }

    Получатель: { $recipient }
    Доставка: { $delivery }
    Оплата: { $payment }
checkout-agreed-ask = Оформляем заказ на { $total } (оплата: { $payment })?
checkout-agreed-again = Вернёмся к заказу: оформляем на { $total } (оплата: { $payment })?
checkout-agreed-retry = Оформить заказ на { $total }? Скажите «да» или напишите, что изменить.
checkout-change-what = Что изменить?
checkout-pay-here = Заказ { $number } оформлен. Оплатите, пожалуйста, { $total } здесь:
checkout-transfer-here = Заказ { $number } оформлен. Переведите, пожалуйста, { $total } на этот счёт и укажите в назначении номер заказа:
    { $account }
    Потом пришлите сюда фото или снимок экрана с переводом: менеджер проверит поступление.
checkout-invoice-here = Заказ { $number } оформлен. Оплатите, пожалуйста, { $total } прямо здесь, кнопкой под счётом.
checkout-invoice-title = Заказ { $number }
checkout-held-until = Всё отложено для вас до { $until }.
checkout-placed = Спасибо! Заказ { $number } на { $total } оформлен, оплата: { $payment }. Уже собираем.
checkout-thanks = Спасибо, { $name }! Заказ { $number } оплачен и подтверждён. Напишу, когда посылка отправится в путь.
checkout-thanks-late = Оплата пришла позже срока, но все товары ещё были в наличии: заказ { $number } оплачен и подтверждён.
checkout-thanks-digital = Спасибо, { $name }! Заказ { $number } оплачен. Менеджер пришлёт вам сюда, в чат: { $content }.
checkout-vat = В том числе НДС { $rate }: { $amount }.
checkout-details = Получатель: { $recipient }
    Доставка: { $delivery }, { $where }
    Оплата: { $payment }
    Есть вопросы? Напишите мне здесь{ $contact ->
    [none] {""}
   *[other] {" или сюда: "}{ $contact }
 }.
checkout-link-void = Прежняя ссылка на оплату отменена, деньги не списаны.
checkout-cannot-change = Этот заказ уже оплачен, поэтому изменить его я не могу. Менеджер может, пока посылка ещё у нас.
checkout-price-moved = За это время кое-что изменилось, вот новый расчёт:
    { $bill }
checkout-payment-limit = Способ оплаты «{ $name }» доступен для заказов до { $limit }. Вместо него выбран другой.
checkout-payment-not-available = Способ оплаты «{ $name }» для этого заказа недоступен. Вместо него выбран другой.
checkout-mixed = В Telegram цифровые товары и вещи оплачиваются отдельно. Оформите их, пожалуйста, по очереди: уберите одно из корзины, а потом добавьте снова.
checkout-no-payment = Простите, оплатить сейчас не получится. Корзина сохранена, а с заказом поможет менеджер.
checkout-delivery-not-available = Для этого заказа такой способ доставки не подходит. Давайте выберем другой.
checkout-not-there = Таким способом в город { $city } не доставляем. Давайте выберем другой.
checkout-held = { $name }: последнюю штуку сейчас оплачивает другой покупатель, она отложена до { $until }.
checkout-instead = Сейчас в наличии: { $name }, { $price }.
checkout-held-ask = Сообщить, если освободится? Корзина останется как есть.

## Оплата

payment-settled = Заказ { $number } оплачен. Спасибо!
payment-revived = Оплата пришла позже срока, но все товары ещё были в наличии: заказ { $number } оплачен и подтверждён.
payment-proof-taken = Спасибо! Менеджер проверит, пришёл ли перевод за заказ { $number }, и я вам напишу.
payment-not-found = Перевод за заказ { $number } на нашем счёте не нашёлся. Возможно, банку нужно больше времени; или пришлите другое фото, где видны счёт и сумма.
payment-declined = Оплата заказа { $number } не прошла, деньги не списаны. Можно попробовать ещё раз или оплатить иначе.
payment-on-its-way = Деньги за заказ { $number } ещё в пути, а бронь уже закончилась. Как только они придут, я напишу вам: если всё ещё есть, заказ продолжится; если нет, вернём всю сумму.
payment-unclear = Спасибо: по заказу { $number } пришло { $amount }, это не та сумма, которую мы ждали. Наш менеджер разберётся и напишет вам здесь; деньги не пропадут.
payment-expired = Срок ссылки на оплату заказа { $number } вышел, деньги не списаны.
payment-new-link = Сделать новую ссылку?
payment-refunded-late = Простите нас: оплата заказа { $number } пришла, когда бронь уже закончилась и товара не осталось. Вернём вам всю сумму: { $amount }.
payment-refunded-double = Заказ { $number } оплачен дважды. Лишнюю оплату вернём: { $amount }.
payment-refunded-other = Оплата заказа { $number } пришла, когда он был уже отменён. Вернём вам всю сумму: { $amount }.
payment-refunded-edit = Изменить заказ { $number } уже не получилось, он остаётся прежним. Доплату вернём целиком: { $amount }.
payment-refunded-approved = Возврат по заказу { $number } проверен: вернём { $amount } тем же способом, которым вы платили.
payment-refunded-shop = Возвращаем вам { $amount } по заказу { $number }.
payment-refund-by = Деньги должны прийти не позже { $day }.
payment-refund-refused = Простите, просто вернуть { $amount } по заказу { $number } мы не смогли. Наш менеджер напишет вам здесь и всё объяснит.
payment-here = Оплата здесь, на странице платёжной системы:
payment-try-again = Простите за неудобства. Вот страница оплаты ещё раз; дважды деньги не спишутся.
payment-refused-unknown = Мы не знаем такого платежа, деньги не списаны. Напишите нам, пожалуйста, в чат.
payment-refused-paid = Этот заказ уже оплачен, больше ничего не списано. Спасибо!
payment-refused-over = Срок этого платежа вышел, деньги не списаны. Напишите нам в чат: проверим, всё ли ещё есть.
payment-refused-amount = Заказ с тех пор изменился, деньги не списаны. Оплатите, пожалуйста, по последнему сообщению в чате.
payment-refused-payer = Этот счёт выставлен другому покупателю, деньги не списаны. Напишите нам сами, и мы выставим счёт вам.
payment-nothing-open = Сейчас нет заказа, который ждёт оплаты.

## Изменение оплаченного заказа

edit-what = Что изменить в заказе { $number } ({ $content })? Просто напишите: что-то добавить или убрать, взять больше или меньше, сменить цвет.
edit-which = Что именно вы имеете в виду?
edit-line-added = + { $quantity } × { $name }
edit-line-removed = − { $quantity } × { $name }
edit-line-set = { $name }: { $quantity } вместо { $count }
edit-proposed = Вот как изменится заказ { $number }:
    { $lines }
    Новая сумма: { $total } (сейчас { $old }).
edit-moved = С тех пор кое-что изменилось, поэтому уточню ещё раз:
edit-sure-pay = Это на { $amount } больше. Изменить заказ? Доплатить нужно будет только разницу.
edit-sure-back = Вам вернётся { $amount }. Изменить заказ?
edit-sure-back-waits = Вернуться должно { $amount }; такую сумму сначала проверяет наш менеджер. Изменить заказ?
edit-sure-same = Сумма не меняется. Изменить заказ?
edit-done = Готово: заказ { $number } изменён.
edit-now = Теперь в заказе: { $content }.
edit-back = Вернём { $amount } тем же способом, которым вы платили.
edit-back-waits = Прежде чем вернуть вам { $amount }, возврат проверит наш менеджер. Сразу после этого напишем вам здесь.
edit-until = Заказ изменится, как только придёт доплата; до { $until } всё для него отложено. Если доплаты к этому времени не будет, заказ останется прежним.
edit-pay-here = Доплата по заказу { $number }: { $amount }. Оплатите, пожалуйста, здесь:
edit-transfer-here = Доплата по заказу { $number }: { $total }. Переведите её, пожалуйста, на этот счёт и укажите в назначении номер заказа:
    { $account }
edit-invoice-here = Доплата по заказу { $number }: { $total }. Оплатите, пожалуйста, прямо здесь, кнопкой под счётом.
edit-paid = Спасибо, доплата получена: заказ { $number } изменён.
edit-kept = Хорошо, заказ остаётся прежним.
edit-stays = Заказ { $number } остаётся прежним.
edit-expired = Доплата по заказу { $number } вовремя не пришла, поэтому заказ остаётся прежним.
edit-too-late = Посылка с заказом { $number } только что уехала, и изменить его уже нельзя. Если вы всё же доплатите, мы вернём эти деньги.
edit-packed = Заказ { $number } уже в пути, поэтому изменить его я не могу. Менеджер поможет с возвратом или с новым заказом.
edit-disputed = Оплата заказа { $number } сейчас проверяется, поэтому изменить его пока нельзя. Подробнее расскажет менеджер.
edit-over = Заказ { $number } изменить уже нельзя. Менеджер вам поможет.
edit-digital = То, что приходит в чат, изменить я не могу, но может менеджер.
edit-not-in-it = В заказе { $number } я этого не вижу ({ $content }).
edit-same = Заказ { $number } уже такой: { $content }.
edit-only = Тогда в заказе { $number } ничего не останется. Отменить оплаченный заказ может менеджер: позвать его?

## Где моя посылка

tracking-order-line = Заказ { $number } ({ $content }).
tracking-status-created = Этикетка готова, но перевозчику ({ $carrier }) посылка ещё не передана и не отсканирована.
tracking-status-accepted = Посылка уже у перевозчика ({ $carrier }).
tracking-status-in-transit = Посылка в пути, её везёт { $carrier }.
tracking-status-out-for-delivery = Курьер привезёт посылку сегодня.
tracking-status-ready-for-pickup = Посылка ждёт вас в пункте выдачи.
tracking-status-delivered = Посылка доставлена.
tracking-status-failed-attempt = Посылку пытались доставить ({ $carrier }), но никого не застали.
tracking-status-returned = Посылка едет обратно к нам.
tracking-status-exception = { $carrier } сообщает о проблеме с посылкой; наш сотрудник уже разбирается.
tracking-last = Последнее событие: { $status ->
    [created] этикетка создана
    [accepted] посылка у перевозчика
    [in_transit] посылка в пути
    [out_for_delivery] посылка у курьера
    [ready_for_pickup] посылка в пункте выдачи
    [delivered] посылка доставлена
    [failed_attempt] попытка доставки
    [returned] посылка отправлена обратно
   *[other] сообщение о проблеме
 }, { $at }{ $place ->
    [none] {""}
   *[other] {", "}{ $place }
 }.
tracking-window = Посылка должна прийти с { $first } по { $last }.
tracking-late = Посылку обещали с { $first } по { $last }, и она опаздывает. Простите нас. Можно подождать, попросить нас узнать у перевозчика или вернуть деньги: менеджер решит это вместе с вами.
tracking-order-awaiting-payment = Заказ { $number } ({ $content }) оформлен, но ещё не оплачен.
tracking-order-confirmed = Заказ { $number } ({ $content }) подтверждён, собираем его.
tracking-order-expired = Заказ { $number } ({ $content }) не был оплачен вовремя, деньги не списаны.
tracking-order-paid = Заказ { $number } ({ $content }) оплачен, собираем его.
tracking-order-digital = Заказ { $number } ({ $content }) оплачен; менеджер пришлёт его сюда, в чат.
tracking-order-shipped = Заказ { $number } ({ $content }) в пути.
tracking-order-delivered = Заказ { $number } ({ $content }) доставлен.
tracking-order-returned = Заказ { $number } ({ $content }) вернулся к нам.
tracking-order-cancelled = Заказ { $number } ({ $content }) отменён.
tracking-which = О каком заказе речь: { $content }?
tracking-no-orders = Ваших заказов пока не вижу. Если вы заказывали не здесь, с поиском поможет менеджер.
tracking-cancel-sure = Отменить заказ { $number } ({ $content })? Деньги за него не списаны.
tracking-cancelled = Заказ { $number } отменён, деньги не списаны.
tracking-moved-in-transit = Ваш заказ { $number } в пути.
tracking-moved-out-for-delivery = Ваш заказ { $number } у курьера и приедет сегодня.
tracking-moved-ready-for-pickup = Ваш заказ { $number } ждёт вас в пункте выдачи.
tracking-moved-delivered = Ваш заказ { $number } доставлен. Пусть радует!
tracking-moved-failed-attempt = Курьер пытался доставить ваш заказ { $number }, но никого не застал. Он попробует ещё раз.
tracking-moved-returned = Ваш заказ { $number } едет обратно к нам. Менеджер вам об этом напишет.
tracking-moved-exception = С посылкой по заказу { $number } возникла проблема. Наш сотрудник уже разбирается.

## Отзыв

feedback-rating-ask = Как всё прошло с заказом? Пять звёзд — отлично, одна — плохо.
feedback-rating-again = А как всё прошло с заказом: от одной до пяти звёзд?
feedback-rating-retry = Число от одного до пяти, пожалуйста.
feedback-glad = Спасибо, нам очень приятно!
feedback-sorry = Жаль, что не всё понравилось. Менеджер об этом уже знает.
feedback-sorry-task = Спасибо, что рассказали. Менеджер об этом уже знает.
feedback-thanks = Спасибо, что рассказали!
feedback-what-was-wrong = Что было не так?

## Живой человек

handoff-called = Зову менеджера. { $ahead ->
    [0] Перед вами никого нет.
    [one] Перед вами { $ahead } человек.
    [few] Перед вами { $ahead } человека.
   *[many] Перед вами { $ahead } человек.
 } Вся наша переписка передана, повторять ничего не придётся.
handoff-called-minutes = Зову менеджера. Обычно ждать около { $minutes } мин. Вся наша переписка передана, повторять ничего не придётся.
handoff-off-duty = Ваша просьба передана менеджеру. Сейчас на месте никого нет; менеджеры будут с { $opens } и в течение { $within } минут вам ответят. Если хотите, чтобы вам позвонили, оставьте номер. А я пока могу помогать дальше.
handoff-off-duty-unknown = Вы в списке к менеджеру. Сейчас на связи никого нет; вам ответят здесь, как только кто-нибудь появится. А пока я на связи и могу помочь.
handoff-back = Это снова я, бот. О чём договорились, знаю.
handoff-passed-question = Вопрос передан менеджеру, ответ придёт сюда.
handoff-passed-return = Менеджер посмотрит и ответит здесь.
handoff-passed-payment = Простите за неудобства. Менеджер проверит оплату и ответит здесь; дважды деньги не спишутся.
handoff-cancel-order = Понимаю, вы хотите отменить заказ.
handoff-edit-order = Понимаю, вы хотите изменить заказ.
handoff-return-item = Понимаю, вы хотите вернуть товар.
handoff-damaged-item = Простите, пожалуйста, очень жаль, что так вышло.
handoff-exchange-item = Понимаю, вы хотите обменять товар.
handoff-refund-status = Понимаю, вы спрашиваете о возврате денег.
handoff-reorder = Понимаю, вы хотите заказать то же самое ещё раз.

## Вопросы

faq-answer = { $text }
faq-payments = Оплатить можно так: { $names }.
faq-payment-yes = Да, можно: { $name }.
faq-payment-limit = Для заказов до { $limit } можно: { $name }.

## Согласие на рассылку

consent-on = Снова будем писать вам об акциях. Чтобы отписаться, напишите «СТОП».
consent-opt-in = Предложения нашего магазина
consent-off = Готово: рекламы от нас больше не будет. Чтобы её вернуть, напишите «START».
consent-off-open-order = Готово: рекламы от нас больше не будет. О вашем текущем заказе писать продолжим. Чтобы вернуть рекламу, напишите «START».

## Удаление данных (страница запроса)

privacy-title = Удаление ваших данных
privacy-received = Ваш запрос принят. Данные будут удалены в течение нескольких минут.
privacy-waiting = Всё, что вы писали, удалено. Один из ваших заказов ещё в пути: имя и адрес удалим, когда он завершится.
privacy-by-hand = Не удалось определить автоматически, какой разговор ваш. Этим займётся человек, не позже чем через 30 дней.
privacy-done = Всё удалено. От заказов остались только товары, суммы и даты, как требует бухгалтерский учёт; ваше имя в них больше не указано.
privacy-unknown = Такого кода нет. Проверьте, пожалуйста, адрес.
privacy-code = Код вашего запроса: { $code }

## Тревоги, для владельца магазина

alarm-down = ⚠️ { $channel } не работает: покупатели там сейчас не получают ответов.
alarm-look = ⚠️ { $channel }: нужно проверить настройки.
alarm-token = ⚠️ { $channel }: срок действия токена скоро закончится. Пожалуйста, выпустите новый заранее.
alarm-silent = ⚠️ { $channel }: необычно долго нет ни одного сообщения. Пожалуйста, напишите туда магазину сами, чтобы проверить.
alarm-halted = ⚠️ { $channel }: отправка временно остановлена. Ничего не потеряется: сообщения ждут своей очереди.
alarm-denied = ⚠️ { $channel } не разрешает магазину часть сообщений: не хватает разрешения. Остальные уходят как обычно.
alarm-piling = ⚠️ { $channel }: сообщения копятся и не доходят до магазина.
alarm-probe = ⚠️ { $channel }: магазин недоступен снаружи.
alarm-over = ✅ { $channel }: снова всё в порядке. Что было не так: { $what }
alarm-test = ✅ Проверка от бота вашего магазина: если с мессенджером что-то случится, сообщение придёт сюда.
alarm-webchat = Чат на вашем сайте

## Менеджеры, как их показывает Messenger

persona-name = { $name }, { $shop }

## Кнопки (20 знаков помещаются везде)

button-add = В корзину
button-choose = Выбрать
button-alert = Сообщить о наличии
button-no-thanks = Нет, спасибо
button-call-this = Да, звонить сюда
button-to-the-shop = Открыть в магазине
button-more = Показать ещё
button-browse = Посмотреть товары
button-gift = Подобрать подарок
button-cart = Моя корзина
button-human = Позвать человека
button-track = Где моя посылка?
button-checkout = Оформить заказ
button-take-both = { $free } { $name } + { $missing } { $other }
button-take-free = { $free } { $name }
button-edit-cart = Изменить корзину
button-undo = Вернуть как было
button-clear = Очистить корзину
button-remove = Убрать: { $name }
button-continue = Продолжить
button-start-over = Начать сначала
button-yes-clear = Да, очистить
button-no-keep = Нет, оставить
button-yes-human = Да, пожалуйста
button-no-continue = Нет, продолжим
button-yes-apply = Да, { $code }
button-switch = Сменить на { $code }
button-use = Применить { $code }
button-promos = Текущие акции
button-ask-manager = Спросить менеджера
button-gift-cosy = Что-то уютное
button-gift-practical = Что-то полезное
button-gift-wear = Что-то из одежды
button-yes-same = Да, те же
button-no-other = Нет, другие данные
button-pay = Оплатить
button-order = Заказать
button-pay-now = Оплатить сейчас
button-receipt = Чек
button-change = Изменить
button-change-delivery = Доставка
button-change-address = Адрес
button-change-recipient = Имя или телефон
button-leave = Выйти из оформления
button-other-way = Оплатить иначе
button-cancel-order = Да, отменить
button-keep-order = Нет, оставить
button-change-order = Да, изменить
button-new-link = Да, новую ссылку
button-follow = Отследить посылку
button-mean-faq-delivery = Доставка
button-mean-faq-payment = Способы оплаты
button-mean-faq-returns = Условия возврата
button-mean-faq-hours = Часы работы
button-mean-faq-contact = Контакты
button-mean-faq-gift-wrap = Подарочная упаковка
button-mean-faq-invoice = Счёт на фирму
button-mean-faq-warranty = Гарантия
button-mean-faq-wholesale = Опт
button-mean-track-order = Где мой заказ
button-mean-refund-status = Возврат денег
button-mean-return-item = Вернуть товар
button-mean-exchange-item = Обменять товар
button-mean-damaged-item = Пришло с дефектом
button-mean-cancel-order = Отменить заказ
button-mean-edit-order = Изменить заказ
button-mean-reorder = Повторить заказ
button-mean-payment-problem = Не проходит оплата
button-mean-ask-promo = Акции и промокоды
button-mean-ask-price = Цена
button-mean-ask-stock = Есть ли в наличии?
button-mean-product-details = О товаре
button-mean-size-help = Помощь с размером
button-mean-compare = Сравнить товары
button-mean-show-photo = Фото
button-mean-browse = Посмотреть товары
button-mean-find-gift = Подобрать подарок
button-mean-show-cart = Моя корзина
button-mean-checkout = Оформить заказ
button-mean-explain-total = Из чего эта сумма
button-mean-human = Позвать человека

ask-phone = Отправить мой номер
ask-email = Отправить мой e-mail
ask-location = Отправить геопозицию
