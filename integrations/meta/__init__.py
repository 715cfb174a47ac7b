"""What Facebook Messenger and Instagram have in common: Meta's webhooks, Send API and error codes.

`read`, `build` and `troubles` are pure; `graph` calls the network; `messenger` is the class that both adapters extend.
"""
