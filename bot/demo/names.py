"""The names that invented people, teams and addresses are drawn from."""

from __future__ import annotations

DOMAIN = "northwind.example"
PARTNER_DOMAIN = "partner.example"

_FIRST = """
Ada Amir Anouk Aiko Bruno Beatriz Chen Clara Dmitri Diego Elif Emil Farah Femi Freya Goran Grace Hana Henrik
Ines Ibrahim Ingrid Jonas José Jamila Kofi Klara Kenji Lena Luca Leila Łucja Mateo Maren Mei Nadia Nils Noor
Olga Omar Paula Priya Pavel Quentin Rosa Ravi Runa Søren Sofia Samir Tara Tomás Theo Uma Viktor Vera Wanda
Wei Ximena Yara Yusuf Zahra
"""
_LAST = """
Abel Adeyemi Almeida Andersen Bauer Bianchi Brandt Castro Chowdhury Cohen Costa Dahl Delgado Dubois Eriksson
Farkas Fischer Fontaine Garcia Greco Haddad Hansen Hoffmann Ito Ivanov Jansen Kaya Keller Khan Kim Kowalski
Kumar Larsen Lindqvist Lopez Marin Mbeki Meyer Moreau Müller Nakamura Navarro Novak O'Brien Okafor Olsen
Öztürk Park Patel Pereira Petrov Quist Ramos Rossi Sato Schneider Silva Singh Sørensen Tanaka Torres Ueda
Vargas Vogel Wagner Walsh Weber Wójcik Yamada Young Zhang Ziegler
"""
FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())
DEPARTMENTS = ("Data", "Field Engineering", "Design")
"""Those that have no vice president in the cast."""
TEAMS = (
    "Search & Ranking", "Checkout", "Identity", "Mobile", "Billing", "Developer Tools", "Reliability",
    "Storage", "Growth", "Messaging", "Insights", "Catalogue", "Edge", "Fraud", "Localisation", "Onboarding",
)  # fmt: skip
OFFICES = ("America/New_York", "Europe/Berlin")

_TO_ASCII = str.maketrans("éáóøłüö", "eaooluo", "'")


def build_address(name: str, domain: str, taken: dict[str, int]) -> str:
    """``first.last@domain``, numbered where ``taken`` (which it fills) has it already."""
    first, last = name.lower().translate(_TO_ASCII).split(" ", 1)
    local = f"{first}.{last}"
    number = taken.get(local, 0) + 1
    taken[local] = number
    return f"{local}{number if number > 1 else ''}@{domain}"
