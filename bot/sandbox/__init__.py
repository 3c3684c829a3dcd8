"""A Telegram on one's own machine: a Bot API server, people to play, and a clock that can be turned.

Here the whole bot runs without a token, an account or a network: `isobot demo` shows it on a chat page, the tests drive
it over real HTTP. `world` holds what there is (people, chats, messages, files) and knows no HTTP; `actions` is what
people do; `methods` is what the bot may ask for; `server` puts both on a port of this machine.
"""
