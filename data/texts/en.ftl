### What the shop says in English. Keep every { $name }: the shop fills it in.
### Texts of other languages stand beside this file; the same keys, in the same order.

## Greeting

greeting-hello = Hello! I am the shop's assistant, a bot: I can help you choose, take your order and follow your parcel. A person is one word away. What are you looking for?
greeting-friend = Hello{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }! Good to see you again. What can I do for you today?
greeting-hi = Hi!
greeting-here = Yes, I am here. What are you looking for?
greeting-welcome-back = Welcome back{ $name ->
    [none] {""}
   *[other] {", "}{ $name }
 }!
greeting-back-empty = Good to see you again! Your cart is empty now. Shall we look around?
greeting-go-on = Let's go on.

## Menu, first questions, commands

menu-greeting = Hello! This is { $shop }. Ask about our goods, order right here, follow your parcel. A bot answers; a person comes whenever you ask.
menu-catalogue = Browse the shop
menu-gift = Find a gift
menu-cart = My cart
menu-orders = Where is my order?
menu-human = Talk to a person
menu-ask-gift = Can you help me find a gift?
menu-ask-catalogue = What do you have?
menu-ask-delivery = How do you deliver, and for how much?
menu-ask-human = May I talk to a person?
menu-command-catalogue = See what we have
menu-command-cart = Show my cart
menu-command-checkout = Place the order
menu-command-orders = Where is my order?
menu-command-human = Call a person
menu-command-help = What I can do
menu-command-cancel = Leave what we are doing

## Small talk and what we do not do

smalltalk-goodbye = Goodbye, and come back any time!
smalltalk-welcome = You are welcome!
smalltalk-praise = Thank you, that is kind of you!
smalltalk-sorry = I am sorry about that.
smalltalk-i-am-a-bot = I am a bot that works for this shop. I can help you choose, order and follow a parcel; a person takes over whenever you ask.
smalltalk-small = I am doing fine, thank you! Shall we find something nice for you?
smalltalk-language = Of course, let's go on in English.
smalltalk-out-of-scope = That is outside of what I can do: I only know this shop. I can help with goods, orders and delivery.
smalltalk-photo = Thank you for the picture. I cannot see what is on it; a person can. What is it about?
smalltalk-card-number = Please do not write card numbers in the chat: I have hidden this one, and the shop keeps it nowhere. You pay on the payment service's own page, which I send you when the order is ready. The rest of that message I have left aside; tell me again without the numbers of the card.
smalltalk-location = Thank you. For a delivery I need the address in words: street, house and city.
smalltalk-contact = Thank you! I will ask for a phone number when you order.
smalltalk-unreadable = I can only read text. Could you write it in a few words? Or I call a person.
smalltalk-mention = Thank you for mentioning us! If you would like to ask about anything, just write.
comment-intro = Hello! I am the shop's bot. You wrote under our post: “{ $words }”. Just answer here, and we go on.
follow-done = Done: I shall tell you here where your parcel is, when the other messenger does not let me any more. To end it, write “unsubscribe”.
smalltalk-yes-what = Gladly! What shall I do?

## Repair

repair-first-miss = I did not quite get that. Could you say it in other words?
repair-either = I want to get this right: which of these do you mean?
repair-second-miss = I am sorry, I still do not understand.
repair-offer-person = Shall I call a person?
repair-cancelled = All right, I have stopped that. Your cart is still here.
repair-nothing-to-cancel = There is nothing to stop right now. What would you like to do?
repair-as-you-wish = As you wish!
repair-back = All right, one step back.
repair-nothing-to-go-back = There is no earlier step here. What would you like to do?
repair-restarted = Let's start afresh. Your cart is kept. What are you looking for?
repair-take-your-time = Of course, take your time.
repair-nothing-said = I have not said anything yet. What are you looking for?
repair-help = You can ask me about goods, prices and delivery, say "add two black mugs", use a promo code, order and pay here, ask "where is my parcel", say "undo", or "human" for a person.
repair-skipped = All right, we leave that out.
repair-cannot-skip = I need this one for the order.
repair-stale = That button belongs to an earlier step. Nothing was changed.
repair-what-now = Nothing has changed. What shall we do next?
repair-noted = Noted.
repair-noted-what = Noted: { $what }.
repair-failed = Something went wrong on our side, and I could not work with your last message. A person will look at it; please write it once more.

## Finding goods

discovery-found = { $count ->
    [one] Here is what I found:
   *[other] Here is what I found:
 }
discovery-nothing = I found nothing like that here. Shall I show you what we have, or call a person?
discovery-no-more = That is everything we have of that.
discovery-none-cheaper = Nothing here costs less than that. Shall I show you the current offers?
discovery-no-suggestion = I found nothing for { $budget } right now. Shall I show you what we have?
discovery-suggested = Here are { $count } ideas for up to { $budget }:
discovery-suggested-free = Here are { $count } ideas:
discovery-narrow = What would fit better: something cosy, something practical, or something to wear?
discovery-variant = { $name }: { $price }. { $stock ->
    [low] Only { $count } left.
   *[there] In stock.
 }
discovery-product = { $name }. { $description }
discovery-from-price = from { $price }
discovery-also-back = { $name } will be back on { $day }.
discovery-cheapest-delivery = Delivery from { $price } ({ $name }).
discovery-not-like-that = { $kinds ->
    [one] { $name } comes in this version only:
   *[other] { $name } does not come like that. Here is what there is:
}
discovery-not-like-that-now = That version of { $name } is sold out for now. Here is what there is:
discovery-which = Which one would you like?
discovery-which-product = Which one do you mean?
discovery-unknown-post = I cannot tell which of our goods that post shows. What is it called, or what does it look like?
showcase-from = from { $price }
showcase-sold-out = { $price }, sold out at the moment
discovery-sold-out = { $name } is sold out at the moment.
discovery-sold-out-until = { $name } is sold out; it will be back on { $day }.
discovery-instead = In stock right now:
    { $variants }
discovery-alert-or-other = Would one of these do, or shall I tell you when it is back?
discovery-alert = Shall I tell you when it is back?
discovery-watched = Done: I will write to you as soon as { $name } is back.
discovery-watched-already = You are on the list already: I will write to you as soon as { $name } is back.
discovery-back-in-stock = Good news: { $name } is back in stock, { $price }. Shall I put it into your cart?
discovery-fact = { $name }: { $fact }: { $value }.
discovery-fact-unknown = I do not know that for certain about { $name }, and I do not want to guess.
discovery-description = Its description says: { $description }
discovery-ask-a-person = Shall I ask a manager?
discovery-compare-what = Which two shall I compare? Name them, or say "the first and the second".
discovery-compared = Side by side:
    { $lines }
discovery-compare-line = { $name }: { $price }, { $stock ->
    [low] only { $count } left
   *[there] in stock
 }
discovery-compare-facts = What differs:
    { $lines }
discovery-compare-fact = { $fact }: { $values }
discovery-no-difference = In the data I have there is no other difference: the price is the same.
discovery-cheapest = The cheaper one is { $name } for { $price }.

stock-there = In stock
stock-low = Only { $count } left
stock-back-on = Sold out, back on { $day }
stock-none = Sold out

variant-line = { $name }: { $price }
list-line = { $n }. { $line }

## Cart

cart-add-it = Shall I put it in your cart?
cart-which-of-these = Which of these would you like?
cart-added = Added: { $items }.
cart-set = { $name }: now { $quantity } { $quantity ->
    [one] piece
   *[other] pieces
 }.
cart-removed = Removed: { $items }.
cart-variant = Changed to { $name }.
cart-cleared = Your cart is empty now. "Undo" brings it back.
cart-same-as = The same as in order { $number }.
cart-no-longer-sold = No longer on sale: { $names }.
cart-undone = Undone: { $items }.
cart-empty = Your cart is empty: { $total }.
cart-one-line = { $line }
    Total: { $total }
cart-bill = In your cart:
    { $bill }
cart-is-here = Your cart is still here. I have checked prices and stock again.
cart-cut = { $name }: only { $free } left, so I changed { $wanted } to { $free }.
cart-repriced = { $name } now costs { $new } instead of { $old }.
cart-total-moved = The goods now come to { $total } instead of { $before }.
cart-go-on = Shall we go on with it, or start over?
cart-only = Only { $free } left of { $name }.
cart-short-ask = { $options }
    Which shall it be?
cart-take-both = { $free } × { $name } + { $missing } × { $other }: { $total }
cart-take-free = { $free } × { $name }: { $total }
cart-which-variant = { $name } comes in several versions:
    { $variants }
    Which one would you like?
cart-which-variant-again = Back to { $name }: which one would you like?
cart-add-what = What shall I put into the cart?
cart-change-what = Which line shall I change?
cart-remove-what = Which line shall I remove?
cart-how-many = How many would you like?
cart-sure-to-change = Just to be sure: shall I do that?
cart-sure-to-clear = Shall I empty the whole cart?
cart-edit = What shall I change? You can also write it: "two candles", "without the mug".
cart-nothing-to-undo = There is nothing left to undo.
cart-nothing-to-undo-empty = The cart is empty, there is nothing to undo.
cart-not-there = That is not in your cart.
cart-what-with-that = Thank you, noted. What shall we do next?

## Bill

bill-goods = { $quantity } × { $name }: { $amount }
bill-goods-total = Goods: { $goods }
bill-manual = { $quantity } × { $name }: { $amount } ({ $reason })
bill-discount = { $code }: { $amount }{ $reason ->
    [first_order] {" "}({ $percent } %, first order)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % on some goods)
   *[other] {""}
 }
bill-delivery = { $name }: { $amount }
bill-free-delivery = { $code }: { $amount } (free delivery)
bill-why = { $code }{ $reason ->
    [first_order] {" "}({ $percent } %, first order)
    [percent_of_goods] {" "}({ $percent } %)
    [percent_of] {" "}({ $percent } % on some goods)
    [free_delivery] {" "}(free delivery)
   *[other] {""}
 }
bill-total = Total: { $total }

## Promo codes

promo-which-code = What is the code?
promo-applied = { $code } is in:
    { $bill }
promo-applied-short = { $code } is in.
promo-applied-empty = { $code } is noted. It will count as soon as there is something in your cart.
promo-dropped = { $code } does not count any more: the two cannot be combined.
promo-removed = { $code } is out:
    { $bill }
promo-removed-short = { $code } is out.
promo-none-to-remove = There is no code in your cart.
promo-did-you-mean = Did you mean { $code }?
promo-would-give = With { $code } instead of { $against } the total would be { $total }; the two cannot be combined.
promo-switch-ask = Shall I switch to { $code }?
promo-many-tries = That was quite a number of codes. Please wait a moment before the next one, or let a person have a look.
promo-nudge = By the way: with { $code } the total would be { $total }, { $saving } less.
promo-list = These offers are running:
promo-line = { $code }: { $text }
promo-line-total = { $code }: { $text } (your total would be { $total }).
promo-none = There are no offers right now.
promo-no-haggling = I cannot change prices, but I can tell you every offer there is.
promo-no-such-promise = I found no manager's note about a special price, so I have passed your question on to a manager. Until then the price in the shop counts.
promo-promise-found = Yes, it is noted: { $name } for { $price } ({ $reason }).
promo-explained = Here is how it adds up:
    { $bill }
promo-instead = { $code } instead of { $against } would give:
    { $bill }
    The two cannot be combined.
promo-could-add = With { $code } it would be:
    { $bill }

promo-refused-unknown = I do not know the code { $code }.
promo-refused-expired = { $code } expired on { $day }.
promo-refused-not-yet = { $code } starts on { $day }.
promo-refused-personal = { $code } is a personal code and is not valid for this account.
promo-refused-used-up = { $code } has been used up.
promo-refused-already-used = You have used { $code } already; it works once for each customer.
promo-refused-not-first-order = { $code } is for the first order only.
promo-refused-goods-below = { $code } needs goods for { $needs }; { $missing } is missing.
promo-refused-quantity-below = { $code } needs at least { $quantity } of the goods it is for.
promo-refused-not-combinable = { $code } cannot be combined with { $against }.
promo-refused-outside-hours = { $code } works today from { $hours } only.
promo-refused-no-matching-goods = { $code } is for other goods than those in your cart.
promo-refused-wrong-channel = { $code } does not work in this chat.
promo-refused-wrong-segment = { $code } is not valid for this account.
promo-refused-already-applied = { $code } is in your cart already.
promo-refused-slow-down = Let's take it slowly: I could not use { $code }, and there were several wrong codes before it.
promo-lost-goods-below = { $code } no longer applies: it needs goods for { $needs }.
promo-lost-quantity-below = { $code } no longer applies: it needs at least { $quantity } of the goods it is for.
promo-lost-not-combinable = { $code } no longer applies: it cannot be combined with { $against }.
promo-lost-no-matching-goods = { $code } no longer applies to what is in the cart.
promo-lost-other = { $code } no longer applies.

## Delivery

delivery-line = { $name }: { $price }, { $when ->
    [same_day] today if paid before { $until }, else tomorrow
   *[days] { $min }–{ $max } days
 }
delivery-line-total = { $name }: { $price }, { $when ->
    [same_day] today if paid before { $until }, else tomorrow
   *[days] { $min }–{ $max } days
 } (total { $total })
delivery-options = We deliver like this:
    { $lines }
delivery-elsewhere = I cannot promise that we deliver there: a person can tell you for certain. The ways we usually send things:
    { $lines }
delivery-by-sure = Yes, in time for { $day } if you order and pay today:
    { $lines }
delivery-by-maybe = By { $day } it may arrive, but I cannot promise it. If you order and pay today:
    { $lines }
delivery-by-no = By { $day } we cannot make it, I am sorry. The soonest, if you order and pay today:
    { $lines }
delivery-no-hours = Which part of the day it comes I cannot promise; a person can ask the courier.
delivery-line-by = { $name }: { $price }, { $when ->
    [one] on { $first }
   *[days] { $first } – { $last }
 }
delivery-cheaper = Yes, { $name } is cheaper: { $price } against { $old }.
    { $lines }
delivery-dearer = No, { $name } costs more: { $price } against { $old }.
    { $lines }
delivery-same-price = They cost the same: { $price } with { $name }, { $old } with { $other }.
    { $lines }
delivery-one = { $lines }
delivery-options-to = Yes, we deliver to { $city }:
    { $lines }
delivery-not-there = That one does not go to { $city }. What does:
    { $lines }
delivery-chosen = { $name } it is:
    { $bill }
delivery-chosen-empty = { $name }, { $price }: noted for your order.
delivery-point = { $address }

## Checkout

checkout-empty = Your cart is empty, so there is nothing to order yet. Shall we find something?
checkout-same-ask = Shall I use the same details as last time: { $name }, phone ending in { $digits }{ $street ->
    [none] {""}
   *[other] {", "}{ $street }
 }?
checkout-same-again = Back to your order: the same details as last time ({ $name }, phone ending in { $digits })?
checkout-same-retry = Just yes or no, please: the same details as last time?
checkout-recipient-ask = What name shall I put on the parcel?
checkout-recipient-again = Back to your order: what name shall I put on the parcel?
checkout-recipient-retry = What is the name of the person who takes the parcel? For example "Anna Petrova".
checkout-phone-ask = Which phone number may the courier call?
checkout-phone-again = Back to your order: which phone number may the courier call?
checkout-foreign-contact = This is { $name ->
    [none] somebody else's number
   *[other] the number of { $name }
 }, { $phone }. May the courier call it for this order?
checkout-phone-retry = That does not look like a phone number. Please write it with the country code, like +370 600 00000.
checkout-delivery-ask = How shall we deliver it?
    { $options }
checkout-delivery-again = Back to your order: how shall we deliver it?
checkout-delivery-retry = Please choose one of these:
    { $options }
checkout-address-ask = { $name } for { $price }, { $total } in all. { $saved ->
    [office] What is the address of your office: street, house and city?
    [home] What is your home address: street, house and city?
   *[other] What is the address: street, house and city?
 }
checkout-address-again = Back to your order: what is the address, please? Street, house and city.
checkout-address-retry = What are the street, the house number and the city? For example "Gedimino 9, Vilnius".
checkout-city-ask = Which city is that in?
checkout-city-again = Back to your order: which city is that in?
checkout-city-retry = Which city shall the parcel go to? For example "Vilnius".
checkout-nearest-point = The nearest pick-up point is { $address }, about { $km } km from you.
checkout-points-far = The nearest pick-up point is about { $km } km from you.
checkout-points-unplaced = Thank you! I cannot tell which of our pick-up points is nearest to you, so please choose one yourself.
checkout-point-ask = { $name } for { $price }, { $total } in all. Which pick-up point suits you?
    { $points }
checkout-point-again = Back to your order: which pick-up point suits you?
checkout-point-retry = Please choose one of these pick-up points:
    { $points }
checkout-bill = { $bill }

    For: { $recipient }
    { $delivery }: { $where }
    Payment: { $payment }
checkout-bill-digital = { $bill }

    For: { $recipient }
    { $delivery }
    Payment: { $payment }
checkout-agreed-ask = Shall I place the order: { $total }, { $payment }?
checkout-agreed-again = Back to your order: shall I place it, { $total }, { $payment }?
checkout-agreed-retry = Shall I place the order for { $total }? Just say yes, or tell me what to change.
checkout-change-what = What shall I change?
checkout-pay-here = Order { $number } is placed. Please pay { $total } here:
checkout-transfer-here = Order { $number } is placed. Please transfer { $total } to this account and write the order number as the reference:
    { $account }
    When it is done, send me a photo or a screenshot of it here: a manager looks for the money.
checkout-invoice-here = Order { $number } is placed. Please pay { $total } right here, with the button under the invoice.
checkout-invoice-title = Order { $number }
checkout-held-until = Everything is held for you until { $until }.
checkout-placed = Thank you! Order { $number } is placed: { $total }, { $payment }. We are packing it.
checkout-thanks = Thank you, { $name }! Order { $number } is paid and confirmed. I will write to you when the parcel moves.
checkout-thanks-late = Your payment came late, but everything was still there: order { $number } is paid and confirmed.
checkout-thanks-digital = Thank you, { $name }! Order { $number } is paid. A manager sends you { $content } here in the chat.
checkout-vat = Of which VAT { $rate }: { $amount }.
checkout-details = For: { $recipient }
    { $delivery }: { $where }
    Payment: { $payment }
    Questions? Write to me here{ $contact ->
    [none] {""}
   *[other] {", or to "}{ $contact }
 }.
checkout-link-void = I have cancelled the earlier payment link; nothing was charged.
checkout-cannot-change = This order is paid already, so I cannot change it by myself. A person can, while the parcel is still with us.
checkout-price-moved = Something has changed in the meantime, so here is the bill as it is now:
    { $bill }
checkout-payment-limit = { $name } is possible for orders up to { $limit }. I have chosen another way to pay.
checkout-payment-not-available = { $name } is not possible for this order. I have chosen another way to pay.
checkout-mixed = Downloads and things are paid separately in Telegram. Please order them one after the other: take one kind out of the cart, and add it again afterwards.
checkout-no-payment = I am sorry: paying is not possible right now. Your cart is kept, and a manager helps you with the order.
checkout-delivery-not-available = That way of delivery is not possible for this order. Let's choose another one.
checkout-not-there = That way of delivery does not go to { $city }. Let's choose another one.
checkout-held = The last { $name } is being paid for by another customer and is held until { $until }.
checkout-instead = In stock right now: { $name } for { $price }.
checkout-held-ask = Shall I tell you if it becomes free? Your cart stays as it is.

## Payment

payment-settled = Order { $number } is paid. Thank you!
payment-revived = Your payment came late, but everything was still there: order { $number } is paid and confirmed.
payment-proof-taken = Thank you! A manager looks whether the transfer for order { $number } has come, and I write to you then.
payment-not-found = We could not find the transfer for order { $number } in our account. Perhaps the bank takes longer; or send me another photo that shows account and sum.
payment-declined = The payment for order { $number } did not go through; nothing was charged. You can try again or pay another way.
payment-on-its-way = Your money for order { $number } is still on its way, and the time for which I could keep the goods is over. As soon as it is here I tell you: if everything is still there, the order goes on; if not, all of it goes back to you.
payment-unclear = Thank you: { $amount } came for order { $number }, which is not the sum that was due. A colleague looks at it and writes to you here; nothing is lost.
payment-expired = The payment link of order { $number } has ended, and nothing was charged.
payment-new-link = Shall I make a new one?
payment-refunded-late = I am sorry: your payment for order { $number } came after the hold had ended, and the goods were gone by then. { $amount } goes back to you in full.
payment-refunded-double = Order { $number } was paid twice. { $amount } goes back to you.
payment-refunded-other = Your payment for order { $number } came after the order had been cancelled. { $amount } goes back to you in full.
payment-refunded-edit = The change of order { $number } could not be made any more, so the order stays as it was. The { $amount } for it go back to you in full.
payment-refunded-approved = The refund for order { $number } was looked at: { $amount } goes back to you the way you paid.
payment-refunded-shop = We are giving you back { $amount } for order { $number }.
payment-refund-by = It should arrive by { $day }.
payment-refund-refused = I am sorry: the { $amount } for order { $number } could not simply be given back. A colleague writes to you here and explains.
payment-here = You pay here, on the payment service's own page:
payment-try-again = I am sorry about that. Here is the payment page again; nothing is charged twice.
payment-refused-unknown = We do not know this payment, and nothing was charged. Please write to us in the chat.
payment-refused-paid = This order is paid already; nothing more was charged. Thank you!
payment-refused-over = This payment has ended, and nothing was charged. Write to us in the chat: we look whether everything is still there.
payment-refused-amount = The order has changed since then, and nothing was charged. Please pay by the newest message in the chat.
payment-refused-payer = This payment was meant for somebody else, and nothing was charged. Write to us yourself, and you get your own.
payment-nothing-open = There is no open payment right now.

## Changing a paid order

edit-what = What shall I change in order { $number } ({ $content })? Just say it: add or remove something, more or fewer of one thing, another colour.
edit-which = Which one do you mean?
edit-line-added = + { $quantity } × { $name }
edit-line-removed = − { $quantity } × { $name }
edit-line-set = { $name }: { $quantity } instead of { $count }
edit-proposed = Order { $number } would change like this:
    { $lines }
    New total: { $total } (now { $old }).
edit-moved = Something has moved since I asked, so once more:
edit-sure-pay = That is { $amount } more. Shall I change it? You pay only the difference.
edit-sure-back = { $amount } goes back to you. Shall I change it?
edit-sure-back-waits = { $amount } would go back to you; a colleague looks at such a sum first. Shall I change it?
edit-sure-same = The price stays the same. Shall I change it?
edit-done = Done: order { $number } is changed.
edit-now = In it now: { $content }.
edit-back = { $amount } goes back to you the way you paid.
edit-back-waits = A colleague looks at the { $amount } before it goes back to you. We write to you here as soon as that is done.
edit-until = The order changes as soon as the difference is paid; until { $until } everything for it is set aside. If it is not paid by then, the order stays as it was.
edit-pay-here = The difference for order { $number } is { $amount }. Please pay it here:
edit-transfer-here = The difference for order { $number } is { $total }. Please transfer it to this account, with the number of the order as its reference:
    { $account }
edit-invoice-here = The difference for order { $number } is { $total }. Please pay it right here, with the button below the invoice.
edit-paid = Thank you, the difference is paid: order { $number } is changed.
edit-kept = All right, the order stays as it was.
edit-stays = Order { $number } stays as it is.
edit-expired = The difference for order { $number } was not paid in time, so the order stays as it was.
edit-too-late = The parcel of order { $number } has just left, so the change is not possible any more. If you pay for it all the same, the money goes back to you.
edit-packed = Order { $number } is on its way already, so I cannot change it any more. A person can help you with a return or another order.
edit-disputed = The payment of order { $number } is being looked into, so I cannot change the order now. A person can tell you more.
edit-over = Order { $number } cannot be changed any more. A person can help you.
edit-digital = What is sent in the chat I cannot change myself, but a person can.
edit-not-in-it = I do not see that in order { $number } ({ $content }).
edit-same = Order { $number } is like that already: { $content }.
edit-only = Then nothing would be left of order { $number }. A person decides whether a paid order is cancelled: shall I call one?

## Where is my parcel

tracking-order-line = Order { $number } ({ $content }).
tracking-status-created = The label is made; the parcel has not been handed over to { $carrier } yet and has no scan.
tracking-status-accepted = { $carrier } has the parcel.
tracking-status-in-transit = The parcel is on its way with { $carrier }.
tracking-status-out-for-delivery = The courier is bringing the parcel today.
tracking-status-ready-for-pickup = The parcel is waiting for you at the pick-up point.
tracking-status-delivered = The parcel was delivered.
tracking-status-failed-attempt = { $carrier } tried to deliver the parcel and did not meet anybody.
tracking-status-returned = The parcel is on its way back to us.
tracking-status-exception = { $carrier } reports a problem with the parcel; a person here is looking at it.
tracking-last = Last event: { $status ->
    [created] label created
    [accepted] handed over to the carrier
    [in_transit] on its way
    [out_for_delivery] with the courier
    [ready_for_pickup] at the pick-up point
    [delivered] delivered
    [failed_attempt] delivery tried
    [returned] returned
   *[other] a problem was reported
 }, { $at }{ $place ->
    [none] {""}
   *[other] {", "}{ $place }
 }.
tracking-window = It should arrive between { $first } and { $last }.
tracking-late = It was promised for { $first } to { $last } and is late. I am sorry. You can wait, have us ask the carrier, or get your money back: a person decides that with you.
tracking-order-awaiting-payment = Order { $number } ({ $content }) is placed and not paid yet.
tracking-order-confirmed = Order { $number } ({ $content }) is confirmed; we are packing it.
tracking-order-expired = Order { $number } ({ $content }) was not paid in time; nothing was charged.
tracking-order-paid = Order { $number } ({ $content }) is paid; we are packing it.
tracking-order-digital = Order { $number } ({ $content }) is paid; a manager sends it here in the chat.
tracking-order-shipped = Order { $number } ({ $content }) is on its way.
tracking-order-delivered = Order { $number } ({ $content }) was delivered.
tracking-order-returned = Order { $number } ({ $content }) came back to us.
tracking-order-cancelled = Order { $number } ({ $content }) is cancelled.
tracking-which = Which one do you mean: { $content }?
tracking-no-orders = I see no order of yours yet. If you ordered elsewhere, a person can look it up.
tracking-cancel-sure = Shall I cancel order { $number } ({ $content })? Nothing has been charged for it.
tracking-cancelled = Order { $number } is cancelled; nothing was charged.
tracking-moved-in-transit = Your order { $number } is on its way.
tracking-moved-out-for-delivery = Your order { $number } is with the courier and comes today.
tracking-moved-ready-for-pickup = Your order { $number } is waiting for you at the pick-up point.
tracking-moved-delivered = Your order { $number } was delivered. Enjoy it!
tracking-moved-failed-attempt = The courier tried to deliver your order { $number } and did not meet anybody. He will try again.
tracking-moved-returned = Your order { $number } is on its way back to us. A person will write to you about it.
tracking-moved-exception = There is a problem with the parcel of order { $number }. A person here is looking at it.

## Feedback

feedback-rating-ask = How was everything with your order? Five stars is great, one is bad.
feedback-rating-again = And how was everything with your order, from one to five stars?
feedback-rating-retry = A number from one to five, please.
feedback-glad = Thank you, that makes us glad!
feedback-sorry = I am sorry it was not better. I have told a person about it.
feedback-sorry-task = Thank you for telling us. I have passed it on to a person.
feedback-thanks = Thank you for telling us!
feedback-what-was-wrong = What went wrong?

## A person

handoff-called = I am calling a manager now. { $ahead ->
    [0] You are the first in the queue.
    [one] There is { $ahead } person before you.
   *[other] There are { $ahead } people before you.
 } Everything we said is passed on, so you need not repeat it.
handoff-called-minutes = I am calling a manager now. The usual wait is about { $minutes } min. Everything we said is passed on, so you need not repeat it.
handoff-off-duty = I have put you on the list for a manager. Nobody is here right now; from { $opens } on you get an answer within { $within } minutes. Leave a phone number if you want to be called. Meanwhile I can go on helping.
handoff-off-duty-unknown = I have put you on the list for a manager. Nobody is here right now; you get an answer here as soon as somebody is. Meanwhile I can go on helping.
handoff-back = I am back, the bot. I know what was agreed.
handoff-passed-question = I have asked a manager; the answer comes here.
handoff-passed-return = A manager looks at it and answers here.
handoff-passed-payment = I am sorry about the trouble. A manager looks at the payment and answers here; nothing is charged twice.
handoff-cancel-order = I understand you want to cancel an order.
handoff-edit-order = I understand you want to change an order.
handoff-return-item = I understand you want to send something back.
handoff-damaged-item = I am very sorry that this happened.
handoff-exchange-item = I understand you want to exchange something.
handoff-refund-status = I understand you are asking about a refund.
handoff-reorder = I understand you want the same again.

## Questions

faq-answer = { $text }
faq-payments = You can pay like this: { $names }.
faq-payment-yes = Yes, { $name } is possible.
faq-payment-limit = { $name } is possible for orders up to { $limit }.

## Consent

consent-on = You will hear from us about offers again. "STOP" ends it.
consent-opt-in = Offers from our shop
consent-off = Done: no more ads from us. "START" brings them back.
consent-off-open-order = Done: no more ads from us. Messages about your open order still come. "START" brings ads back.

## Being forgotten (the page of a request)

privacy-title = Deleting your data
privacy-received = Your request has come in. Your data will be deleted within minutes.
privacy-waiting = What you wrote is deleted. An order of yours is still under way: name and address for it are deleted when it has ended.
privacy-by-hand = We could not find out by ourselves which conversation is yours. A person looks after it, within 30 days at the latest.
privacy-done = Everything is deleted. Of orders, only goods, amounts and dates are kept, as bookkeeping demands, and they no longer name you.
privacy-unknown = We do not know this code. Please check the address.
privacy-code = Code of your request: { $code }

## Alarms, for the owner of the shop

alarm-down = ⚠️ { $channel } is down: customers there are not answered at the moment.
alarm-look = ⚠️ { $channel } needs a look.
alarm-token = ⚠️ { $channel }: the access token ends soon. Please make a new one in time.
alarm-silent = ⚠️ { $channel } has been silent for unusually long. Please write to the shop there yourself, to be sure.
alarm-halted = ⚠️ { $channel }: sending has stopped for a while. Nothing is lost: messages wait for their turn.
alarm-denied = ⚠️ { $channel } does not allow the shop some of its messages: a permission is missing. All others go out as usual.
alarm-piling = ⚠️ { $channel }: messages are piling up and do not reach the shop.
alarm-probe = ⚠️ { $channel }: the shop cannot be reached from outside.
alarm-over = ✅ { $channel } is well again. What was wrong: { $what }
alarm-test = ✅ A test from your shop's bot: if anything goes wrong with a messenger, you will read of it here.
alarm-webchat = The chat on your site

## Managers, as Messenger shows them

persona-name = { $name } from { $shop }

## Buttons (20 characters fit everywhere)

button-add = Add to cart
button-choose = Choose
button-alert = Tell me when back
button-no-thanks = No, thanks
button-call-this = Yes, call this number
button-to-the-shop = See it in the shop
button-more = Show more
button-browse = Browse the shop
button-gift = Find a gift
button-cart = My cart
button-human = Call a person
button-track = Where is my parcel?
button-checkout = Checkout
button-take-both = { $free } { $name } + { $missing } { $other }
button-take-free = { $free } { $name }
button-edit-cart = Change the cart
button-undo = Undo
button-clear = Empty the cart
button-remove = Remove { $name }
button-continue = Continue
button-start-over = Start over
button-yes-clear = Yes, empty it
button-no-keep = No, keep it
button-yes-human = Yes, please
button-no-continue = No, go on
button-yes-apply = Yes, { $code }
button-switch = Switch to { $code }
button-use = Use { $code }
button-promos = Current offers
button-ask-manager = Ask a manager
button-gift-cosy = Something cosy
button-gift-practical = Something practical
button-gift-wear = Something to wear
button-yes-same = Yes, the same
button-no-other = No, other details
button-pay = Pay
button-order = Place the order
button-pay-now = Pay now
button-receipt = Receipt
button-change = Change something
button-change-delivery = Delivery
button-change-address = Address
button-change-recipient = Name or phone
button-leave = Leave the checkout
button-other-way = Pay another way
button-cancel-order = Yes, cancel it
button-keep-order = No, keep it
button-change-order = Yes, change it
button-new-link = Yes, a new link
button-follow = Follow the parcel
button-mean-faq-delivery = Delivery
button-mean-faq-payment = Ways to pay
button-mean-faq-returns = Returning goods
button-mean-faq-hours = Opening hours
button-mean-faq-contact = Contacts
button-mean-faq-gift-wrap = Gift wrapping
button-mean-faq-invoice = An invoice
button-mean-faq-warranty = Warranty
button-mean-faq-wholesale = Wholesale
button-mean-track-order = Where my order is
button-mean-refund-status = My refund
button-mean-return-item = Return an item
button-mean-exchange-item = Exchange an item
button-mean-damaged-item = It arrived damaged
button-mean-cancel-order = Cancel an order
button-mean-edit-order = Change an order
button-mean-reorder = Same order again
button-mean-payment-problem = Trouble with paying
button-mean-ask-promo = Offers and codes
button-mean-ask-price = A price
button-mean-ask-stock = Is it in stock?
button-mean-product-details = About an item
button-mean-size-help = Help with sizes
button-mean-compare = Compare items
button-mean-show-photo = Photos
button-mean-browse = See the goods
button-mean-find-gift = Find a gift
button-mean-show-cart = My cart
button-mean-checkout = Place an order
button-mean-explain-total = How the sum adds up
button-mean-human = Talk to a person

ask-phone = Share my phone number
ask-email = Share my e-mail
ask-location = Share my location
