"""A second round of what people type: dictated, in surzhyk, several wishes at once, and never what it seems."""

from __future__ import annotations

from tests.unit.lumo_paraphrases import ALERT, BUY, CART, POINTS, SHORT, TWO_LINES, Talk, asking
from tests.unit.lumo_turns import BACK, HEADPHONES, LIST, NEW, NO_BLUE, ONE_CANDLE, THROW, TWO_MUGS

MORE_TALKS = (
    Talk("dictated", NEW, """
hello i would like to order two white mugs please => greet + add_to_cart MUG-white*2
um yeah hi can i get one pine candle and a pillow => greet|affirm + add_to_cart CAN*1 PIL*1 !!
good morning do you have any green t shirts in size medium => greet + ask_stock|find_product TEE-green-M
добрый день мне пожалуйста одну подушку и две свечи => greet + add_to_cart PIL*1 CAN*2
привіт мені треба дві білі чашки => greet + add_to_cart|find_product MUG-white*2
hola buenas quería comprar dos velas => greet + add_to_cart CAN*2
yes hello how much is the nordic throw => ask_price THR
    """),
    Talk("surzhyk", NEW, """
скіко стоє плед => ask_price THR
шо у вас є => browse
а шо по доставкє в Вільнюс => faq_delivery city=Vilnius
дайте дві кружкі білі => add_to_cart MUG-white*2
можна в рассрочку? => faq_payment
понял, спасібо => thank
хочу наушніки чорні => find_product|add_to_cart HP-black
    """),
    Talk("translit", NEW, """
privet est kruzhki? => greet + ask_stock|find_product MUG
hochu futbolku zelenuyu => find_product|add_to_cart TEE
skolko stoit svecha => ask_price CAN
dostavka v kaunas skolko => faq_delivery city=Kaunas
pryvit ye podushky? => greet + ask_stock|find_product PIL
    """),
    Talk("rude", CART, """
just give me the damn mug => add_to_cart|checkout|complain|find_product
hurry up i dont have all day => complain|unknown
take that stupid mug out => remove_from_cart MUG-white
are u deaf? i said two => complain + change_quantity MUG-white quantity=2
where the hell is my order => track_order
shut up and take my money => checkout|unknown
да пошли вы => complain|unknown
верните деньги!!! => refund_status|return_item|complain
    """),
    Talk("polite", CART, """
Would you be so kind as to tell me whether you deliver to Kaunas? => faq_delivery city=Kaunas
Could I possibly have one more of those, please? => change_quantity|add_to_cart quantity=1
I'm terribly sorry, but I meant the black one => change_variant MUG-black
Не могли бы вы подсказать, сколько стоит доставка? => faq_delivery
Чи не могли б ви підказати, які є способи оплати? => faq_payment
¿Sería tan amable de decirme cuánto cuesta la vela? => ask_price CAN
Thank you very much indeed, that will be all => thank|goodbye|checkout
    """),
    Talk("several wishes", CART, """
add a candle and whats the total => add_to_cart CAN + show_cart
remove the mug and add two pillows => remove_from_cart MUG-white + add_to_cart PIL*2
two candles, and do you have a gift box? => add_to_cart CAN*2 + ask_stock|find_product BOX
ok checkout and use WELCOME10 => checkout + apply_promo codes=WELCOME10
добавь свечу и оформляй => add_to_cart CAN + checkout
додай подушку і скажи скільки доставка => add_to_cart PIL + faq_delivery
pon una vela y quiero pagar con paypal => add_to_cart CAN + choose_payment|checkout payment=paypal
is the throw washable and how much is it => ask_fact THR fact=washable + ask_price THR
cancel the mug, i'll take the pillow => remove_from_cart MUG-white + add_to_cart PIL
    """),
    Talk("numbers", TWO_MUGS, """
5 => change_quantity MUG-black quantity=5
make it five => change_quantity MUG-black quantity=5
no no, 1 => change_quantity MUG-black quantity=1
i only need one => change_quantity MUG-black quantity=1
less, one is enough => change_quantity MUG-black
x3 => change_quantity MUG-black quantity=3
remove one => remove_from_cart|change_quantity
одной хватит => change_quantity MUG-black quantity=1
пусть будет три => change_quantity MUG-black quantity=3
хай буде три => change_quantity MUG-black quantity=3
que sean tres => change_quantity MUG-black quantity=3
add two more => change_quantity|add_to_cart quantity=2
    """),
    Talk("bits", TWO_LINES, """
the candle out => remove_from_cart CAN
candles x1 => change_quantity|add_to_cart CAN*1
no candles => remove_from_cart CAN
без свечей => remove_from_cart CAN
свічки не треба => remove_from_cart CAN
sin velas => remove_from_cart CAN
what do i have so far => show_cart
и сколько всего? => show_cart
скільки разом? => show_cart
cuánto es todo? => show_cart
    """),
    Talk("colour", HEADPHONES, """
only black? => ask_stock|find_product
any other colours => ask_stock|find_product|show_more|change_variant
how many left => ask_stock HP-black
take two => add_to_cart HP-black*2
buy it => add_to_cart HP-black*1 + checkout
а сколько их осталось => ask_stock HP-black
беру => add_to_cart|checkout
давай одні => inform|add_to_cart quantity=1
me los llevo => add_to_cart HP-black
    """),
    Talk("alert", ALERT, """
yep => notify_me|affirm
sure, ping me => notify_me|affirm
no i dont need that => deny|no_thanks
no, show me the black one => find_product|product_details|add_to_cart|change_variant|show_photo MUG-black !!
так, повідомте => notify_me|affirm
sí avísame => notify_me|affirm
    """),
    Talk("short", SHORT, """
2 => add_to_cart MUG-black*2
second => add_to_cart MUG-black*2
ok both, two black one white => add_to_cart MUG-black*2 MUG-white*1
no => no_thanks|deny
how about 1 black => add_to_cart|find_product|ask_stock MUG-black*1
дві чорні і одну білу => add_to_cart MUG-black*2 MUG-white*1
    """),
    Talk("alternatives", NO_BLUE, """
what else do you have => show_more|browse
show me black => find_product|product_details|show_photo|ask_stock|inform|change_variant
when will blue be back? => ask_stock|notify_me|track_order
тогда белую => add_to_cart|change_variant MUG-white
тоді білу => add_to_cart|change_variant MUG-white
entonces la blanca => add_to_cart|change_variant MUG-white
2 black then => add_to_cart MUG-black*2
    """),
    Talk("names", asking("person"), """
O'Brien => inform person=O'Brien
Anne-Marie => inform person=Anne-Marie
Дмитро => inform person=Дмитро
ЕЛЕНА ИВАНОВА => inform
Dr. Peter Schmidt => inform
ana, jonas street? => inform|unknown|faq_contact|faq_delivery
José => inform person=José
Мар'яна Д'яченко => inform person=Мар'яна_Д'яченко
Muhammad bin Salman => inform
my name is bob => inform person=Bob
    """),
    Talk("places", asking("address"), """
Laisvės al. 10-4, Kaunas => inform address=Laisvės_al._10-4,_Kaunas
Вільнюс, Гедиміно 15 => inform city=Vilnius
ul. Marszałkowska 10/12, Warszawa => inform
проспект Перемоги 37, Київ => inform
Avenida de América 4, 2B, Madrid => inform
Flat 4, 10 Downing Street, London => inform
1600 Pennsylvania Avenue, Washington => inform
same as before => inform|reorder|change_details|affirm
wait do you even ship to Poland => faq_delivery
I changed my mind, I'll pick it up myself => choose_delivery|cancel|change_details|inform
    """),
    Talk("points", POINTS, """
2 => inform point=VNO-OZAS-2
Ozo 25 please => inform point=VNO-OZAS-1
the second one => inform point=VNO-OZAS-2
gedimino => inform point=VNO-CENTRE
which is closer to the station? => faq_delivery|compare|faq_contact|unknown|ask_fact
    """),
    Talk("pay", BUY, """
confirm => affirm
yes, all correct => affirm
все верно, оплачиваю => affirm + checkout
все вірно => affirm
todo bien, adelante => affirm
lets do it => affirm|checkout
no wait, change the address => change_details
hmm not sure => deny|unknown
actually cash => choose_payment|inform payment=cod
нет, лучше наличными => choose_payment|inform payment=cod
i want to add a candle first => add_to_cart CAN
what's the total again => show_cart|repeat|explain_total
how long is delivery? => faq_delivery
голубая луна => unknown|out_of_scope
asdf => unknown|out_of_scope
    """),
    Talk("back", BACK, """
continue => resume
yes lets go on => affirm|resume
да, продолжим => affirm|resume
remove the boxes => remove_from_cart BOX
what was in my cart? => show_cart
    """),
    Talk("after", NEW, """
i ordered yesterday, when will it come => track_order
did you get my payment => payment_done|payment_problem|track_order
wrong item in the box => damaged_item
how do i return something => faq_returns|return_item
хочу обменять на размер больше => exchange_item
можна повернути товар? => faq_returns|return_item
quiero devolver la camiseta => return_item TEE
do you have a shop i can visit => faq_contact
when do you open => faq_hours
до скольки вы работаете => faq_hours
do you wrap gifts => faq_gift_wrap
i need an invoice for my company => faq_invoice
is there a guarantee on the headphones => faq_warranty
delete all my data => faq_privacy
price for 200 mugs for our office? => faq_wholesale|ask_price
    """),
    Talk("nonsense, a throw is in the cart", THROW, """
green eggs and ham => unknown|out_of_scope
black hole => unknown|out_of_scope !!
the white house => unknown|out_of_scope !!
чёрный квадрат малевича => unknown|out_of_scope
три поросёнка => unknown|out_of_scope
сім гномів => unknown|out_of_scope
cien años de soledad => unknown|out_of_scope
one flew over the cuckoos nest => unknown|out_of_scope
two plus two is four => unknown|out_of_scope
add fuel to the fire => unknown|out_of_scope|find_product
remove the moon from the sky => unknown|out_of_scope
yesterday all my troubles seemed so far away => unknown|out_of_scope|smalltalk
order of the phoenix => unknown|out_of_scope|find_product
check out this video => unknown|out_of_scope !!
i paid attention in class => unknown|out_of_scope
throw a party => unknown|out_of_scope|find_product
    """),
    Talk("candle", ONE_CANDLE, """
and a white mug too pls => add_to_cart MUG-white
plus the pillow => add_to_cart PIL
one pillow also => add_to_cart PIL*1
i changed my mind about the candle => remove_from_cart|cancel
its ok thats all => checkout|deny|affirm|thank
thats it => checkout|deny|affirm|show_cart
больше ничего => checkout|deny
    """),
    Talk("list", LIST, """
1 => inform quantity=1
number 3 please => add_to_cart PIL
the cheapest one => product_details|find_product|compare|add_to_cart
both the mug and the pillow => add_to_cart MUG-white PIL
да, вторую => add_to_cart|product_details CAN
третю => product_details|add_to_cart PIL
la última, por favor => add_to_cart PIL
whats the difference between 1 and 3 => compare
none of these => deny|show_more
    """),
)  # fmt: skip
