// Takes the customer on to the payment service at once; without scripts the button does it.
document.getElementById("on").submit();
