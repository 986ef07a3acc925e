"""Two tiny lists of denied parties whose answers can be checked by hand; nobody in them exists."""

from entrepost.reference.sanctions import Listed, ListedName, Sanctions

ORLOV = Listed(
    "sanctions-ofac",
    "101",
    "person",
    "TEST",
    (ListedName("ORLOVSKY, Maksim Petrovich"), ListedName("Max the Eagle", "aka", weak=True)),
    births=("1971-03-05",),
    addresses=("12 Quiet Lane, Tver, Russia",),
)
STEEL = Listed(
    "sanctions-ofac",
    "102",
    "entity",
    "TEST",
    (ListedName("GREY HERON STEEL TRADING LLC"), ListedName("GHST OOO", "aka")),
    addresses=("Free Zone 4, Sharjah, United Arab Emirates",),
)
QASSEMZADEH = Listed(
    "sanctions-un",
    "XXi.001",
    "person",
    "TEST",
    (ListedName("Behrouz Qassemzadeh Lavasani"), ListedName("بهروز قاسم‌زاده لواسانی", "script")),
    births=("1958/1962",),
)
BARQUE = Listed("sanctions-ofac", "103", "vessel", "TEST", (ListedName("SILVER PETREL 7"),))
TINY = Sanctions((ORLOV, STEEL, QASSEMZADEH, BARQUE), ("sanctions-ofac", "sanctions-un"))
