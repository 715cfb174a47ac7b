"""Checkout answers and everything after the sale (C14-C21, C24, C26, C28) in many people's words."""

from __future__ import annotations

from tests.unit.lumo_paraphrases import BUY, CART, POINTS, Talk, asking
from tests.unit.lumo_turns import NEW, ONE_CANDLE

ORDER_TALKS = (
    Talk("person", asking("person"), """
Jean-Luc O'Neill => inform person=Jean-Luc_O'Neill
Müller => inform person=Müller
Іван Франко => inform person=Іван_Франко
my name is María José García López => inform person=María_José_García_López
it's Ana => inform person=Ana
nguyen van anh => inform person=Nguyen_Van_Anh
Олександра Коваленко => inform person=Олександра_Коваленко
меня зовут Пётр => inform person=Пётр
soy Íñigo Montoya => inform person=Íñigo_Montoya
Žydrūnas Ilgauskas, 860000001 => inform person=Žydrūnas_Ilgauskas phone=+37060000001
why do you need my name? => faq_privacy
    """),
    Talk("phone", asking("phone"), """
+370 600 00001 => inform phone=+37060000001
8-600-00001 => inform phone=+37060000001
370 600 00001 => inform phone=+37060000001
00370 60000001 => inform phone=+37060000001
its 0 50 123 45 67 => inform phone=+380501234567
+38 (050) 123-45-67 => inform phone=+380501234567
мой номер +34 612 34 56 78 => inform phone=+34612345678
я не хочу давать номер => skip|deny|faq_privacy
    """),
    Talk("address", asking("address"), """
Gedimino pr. 5-12, Vilnius => inform address=Gedimino_pr._5-12,_Vilnius
gedimino 5 vilnius => inform city=Vilnius
221b Baker Street, London => inform address=221b_Baker_Street,_London
вул. Хрещатик 22, кв. 7, Київ => inform address=вул._Хрещатик_22,_кв._7,_Київ
Calle de Alcalá 45, 3º izq, 28014 Madrid => inform
ул Ленина дом 10 кв 5 => inform
Hauptstraße 12, 10115 Berlin => inform
12 rue de la Paix, 75002 Paris => inform
same address => inform|change_details|reorder|affirm
same address as last time => inform|reorder|change_details|affirm
to my office => inform|change_details saved=office
на работу привезите => inform|change_details saved=office
a mi casa => inform|change_details saved=home
what about returns? => faq_returns
hmm and if it doesnt fit can i send it back => faq_returns|return_item
and is boxberry cheaper? => faq_delivery|ask_price|compare delivery=boxberry
а боксбери дешевле выйдет? => faq_delivery|ask_price|compare delivery=boxberry
ok Gedimino 5, Vilnius => inform address=Gedimino_5,_Vilnius
wait, first tell me how long delivery takes => faq_delivery
    """),
    Talk("point", POINTS, """
pick up point near centre => inform|choose_delivery near=centre
near Ozas please => inform near=Ozas
возле Озаса => inform near=Озаса
Ozo 14 => inform
VNO-OZAS-2 => inform point=VNO-OZAS-2
the one on Gedimino => inform
cerca del centro => inform near=centro
    """),
    Talk("delivery", asking("delivery"), """
dhl pls => inform|choose_delivery delivery=dhl
courier dhl => inform|choose_delivery delivery=dhl
boxbery => inform|choose_delivery delivery=boxberry
давайте боксберри => inform|choose_delivery delivery=boxberry
через ДХЛ => inform|choose_delivery delivery=dhl
con boxberry mejor => inform|choose_delivery delivery=boxberry
how much is dhl? => faq_delivery|ask_price delivery=dhl
    """),
    Talk("payment", asking("payment"), """
card => inform|choose_payment payment=card
by visa => inform|choose_payment payment=card
картой онлайн => inform|choose_payment payment=card
готівкою при отриманні => inform|choose_payment payment=cod
pay pal => inform|choose_payment payment=paypal
con tarjeta => inform|choose_payment payment=card
cash when i get it => inform|choose_payment payment=cod
    """),
    Talk("C15", ONE_CANDLE, """
wait add another candle and send everything to my office with DHL => \
add_to_cart|change_quantity CAN*1 + change_details|choose_delivery saved=office delivery=dhl
hold on, 1 more candle and ship to my office instead by dhl => \
add_to_cart|change_quantity CAN*1 + change_details|choose_delivery saved=office delivery=dhl
стой, ещё одну свечу и отправь в офис DHL => \
add_to_cart|change_quantity CAN*1 + change_details|choose_delivery saved=office delivery=dhl
can we change the address? => change_details
i moved, need other address => change_details
wrong phone number, change it please => change_details
хочу змінити адресу => change_details
cambiar la dirección de envío => change_details
    """),
    Talk("C16", asking("person"), """
Ana, 860000001, boxberry by ozas, card => inform person=Ana phone=+37060000001 delivery=boxberry payment=card
It's Ana Petrova, my tel +37060000001, boxberry, ill pay by card => \
inform person=Ana_Petrova phone=+37060000001 delivery=boxberry payment=card
Анна, +370 600 00001, боксберри, картой => inform person=Анна phone=+37060000001 delivery=boxberry payment=card
Ana. DHL to Gedimino 5, Vilnius. PayPal. => inform person=Ana delivery=dhl payment=paypal
    """),
    Talk("yes", BUY, """
yep go ahead => affirm
yes yes => affirm
yeah sure why not => affirm
ok => affirm
okk => affirm
👍 => affirm
do it! => affirm
давай => affirm
ага => affirm
та так => affirm
угу оформляй => affirm|checkout
claro que sí => affirm
sí, adelante => affirm
va => affirm
da konechno => affirm
nah => deny
no thx => deny
nope not yet => deny
нет, подожди => deny|cancel
ні, зачекай => deny|cancel
не сейчас => deny
mejor no => deny
no quiero => deny
nu net => deny
wait => wait
paypal instead => choose_payment|inform payment=paypal
    """),
    Talk("C17", CART, """
ok i wanna pay now => checkout
lets checkout => checkout
take my money => checkout
id like to place the order please => checkout
оформите пожалуйста => checkout
все, беру, оформляем => checkout
оформлюємо => checkout
quiero finalizar la compra => checkout
cómo pago? => faq_payment|checkout
same as last time please => reorder
как в прошлый раз => reorder
    """),
    Talk("C20", NEW, """
could you tell me when my parcel arrives? => track_order
where is my order its been a week!! => track_order
wheres my package at => track_order
has it shipped yet => track_order
still havent recieved my order => track_order
где мой заказ??? => track_order
посылка где? => track_order
когда привезут мой заказ => track_order
де моє замовлення? => track_order
коли приїде моя посилка => track_order
¿dónde está mi pedido? => track_order
cuando llega mi paquete => track_order
gde moi zakaz => track_order
any news on LU-7K3F-9QXA? => track_order order_number=LU-7K3F-9QXA
cancel my order please => cancel_order
хочу отменить заказ => cancel_order
when do i get my money back => refund_status
payment failed => payment_problem
карта не проходит => payment_problem
me cobraron dos veces => payment_problem
i already paid => payment_done
оплатил => payment_done
    """),
    Talk("C21", NEW, """
one of the mugs arrived smashed => damaged_item MUG
my mug is broken => damaged_item MUG
u sent me the wrong colour => damaged_item
кружка пришла разбитая => damaged_item MUG
чашка приїхала тріснута => damaged_item MUG
la taza llegó rota => damaged_item MUG
i want to send the tee back => return_item TEE
хочу вернуть футболку => return_item TEE
the tee is too small, need L => exchange_item
5 stars, love the mug => give_feedback rating=5
    """),
    Talk("C24", CART, """
ok pay => checkout
alright lets pay => checkout
ок, оплачу => checkout
    """),
    Talk("C26", NEW, """
добридень, є навушники? => greet + find_product|ask_stock HP-black
скільки навушників залишилось => ask_stock HP-black
Оформіть накладеним платежем, Вільнюс, Гедиміно 5 => checkout payment=cod + inform city=Vilnius
    """),
    Talk("C26b", asking("delivery"), """
ой не 5 а 15 будинок => change_details|inform address=15
sorry house 15 not 5 => change_details|inform address=15
дом 15, а не 5 => change_details|inform address=15
    """),
    Talk("C28", CART, """
to Kaunas => choose_delivery|inform|faq_delivery city=Kaunas
до каунаса => choose_delivery|inform|faq_delivery city=Kaunas
a vilna => choose_delivery|inform|faq_delivery city=Vilnius
    """),
)  # fmt: skip
