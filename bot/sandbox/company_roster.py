"""Who works at Halden Labs, the sample company. All of them are invented."""

from collections.abc import Iterator
from typing import NamedTuple

DOMAIN = "haldenlabs.example"

BERLIN, LISBON, NEW_YORK = "Europe/Berlin", "Europe/Lisbon", "America/New_York"
SAO_PAULO, KOLKATA, MELBOURNE, TOKYO = "America/Sao_Paulo", "Asia/Kolkata", "Australia/Melbourne", "Asia/Tokyo"

ENGINEERING, CUSTOMERS, OPERATIONS = "Engineering", "Customers", "Operations"


class Member(NamedTuple):
    """A line of the staff list. The first of each team manages it."""

    name: str
    title: str
    tz: str


STAFF: dict[str, tuple[Member, ...]] = {
    "Engineering": (Member("Marit Haldorsen", "VP Engineering", BERLIN),),
    "Engineering / Payments": (
        Member("Tobias Kerner", "Engineering Manager", BERLIN),
        Member("Beatriz Fontoura", "Senior Engineer", LISBON),
        Member("Rohan Deshmukh", "Staff Engineer", KOLKATA),
        Member("Priyanka Nair", "Engineer", KOLKATA),
        Member("Lukas Brandhuber", "Engineer", BERLIN),
        Member("Chiara Bellandi", "Test Engineer", BERLIN),
        Member("Mateus Vasconcelos", "Engineer", SAO_PAULO),
        Member("Yuki Tanabe", "Engineer", TOKYO),
        Member("Orla Brennan", "Product Manager", LISBON),
    ),
    "Engineering / Platform": (
        Member("Shreya Kulkarni", "Engineering Manager", KOLKATA),
        Member("Jonas Lindqvist", "Site Reliability Engineer", BERLIN),
        Member("Camille Aubertin", "Senior Engineer", BERLIN),
        Member("Diego Salvatierra", "Engineer", SAO_PAULO),
        Member("Nadia Benhaddou", "Security Engineer", LISBON),
        Member("Arjun Venkatesan", "Site Reliability Engineer", KOLKATA),
        Member("Grace Whitcombe", "Engineer", MELBOURNE),
        Member("Samuel Adeyinka", "Engineer", NEW_YORK),
    ),
    "Engineering / Mobile": (
        Member("Helena Carvalhal", "Engineering Manager", LISBON),
        Member("Tomás Quintela", "iOS Engineer", LISBON),
        Member("Larissa Teixeira", "Android Engineer", SAO_PAULO),
        Member("Kenji Morisawa", "iOS Engineer", TOKYO),
        Member("Vikram Bhatnagar", "Android Engineer", KOLKATA),
        Member("Elsa Wikström", "Product Designer", BERLIN),
    ),
    "Engineering / Data": (
        Member("Amara Oyelade", "Head of Data", NEW_YORK),
        Member("Sofia Marchetti", "Data Scientist", BERLIN),
        Member("Daniel Fairweather", "Analytics Engineer", NEW_YORK),
        Member("Wei-Ling Koh", "Data Engineer", MELBOURNE),
        Member("Anselm Richter", "Data Analyst", BERLIN),
    ),
    "Customers": (Member("Rebecca Thornhill", "Chief Customer Officer", NEW_YORK),),
    "Customers / Support": (
        Member("Luíza Prado", "Support Lead", SAO_PAULO),
        Member("Noor Al-Hamadi", "Support Engineer", BERLIN),
        Member("Jack Tillerson", "Support Specialist", MELBOURNE),
        Member("Fatima Zahraoui", "Support Specialist", LISBON),
        Member("Pieter van Aldenhof", "Support Engineer", BERLIN),
        Member("Ananya Chatterjee", "Support Specialist", KOLKATA),
        Member("Ravi Subramaniam", "Support Specialist", KOLKATA),
        Member("Caio Figueiredo", "Support Specialist", SAO_PAULO),
        Member("Brooke Hallfield", "Support Specialist", NEW_YORK),
        Member("Terrence Oakhurst", "Support Engineer", NEW_YORK),
        Member("Mika Saarenpää", "Technical Writer", BERLIN),
        Member("Isla Macquarrie", "Support Specialist", MELBOURNE),
        Member("Haruka Ishikawa", "Support Specialist", TOKYO),
        Member("Renata Kowalczyk", "Support Specialist", BERLIN),
    ),
    "Customers / Sales": (
        Member("Marcus Ellingham", "Sales Director", NEW_YORK),
        Member("Juliette Desroches", "Account Executive", BERLIN),
        Member("Ethan Brightwater", "Account Executive", NEW_YORK),
        Member("Valentina Orsolini", "Solutions Consultant", LISBON),
        Member("Siddharth Menon", "Account Executive", KOLKATA),
        Member("Zoe Abernethy", "Sales Development", MELBOURNE),
        Member("Gustavo Almeida", "Account Executive", SAO_PAULO),
    ),
    "Operations": (Member("Frederik Lauritzen", "Chief Operating Officer", BERLIN),),
    "Operations / People & Policy": (
        Member("Odile Marchand", "Head of People", BERLIN),
        Member("Kwame Asare", "People Partner", LISBON),
        Member("Dörte Petersen", "Policy Counsel", BERLIN),
        Member("Inês Caldeira", "Workplace Coordinator", LISBON),
    ),
    "Operations / Finance": (
        Member("Harriet Penwarden", "Finance Lead", LISBON),
        Member("Emeka Nwachukwu", "Financial Analyst", NEW_YORK),
        Member("Divya Raghunathan", "Accountant", KOLKATA),
        Member("Stefan Hölzl", "Controller", BERLIN),
    ),
}

HR = frozenset({"Odile Marchand", "Kwame Asare"})
WITHOUT_EMAIL = "Wei-Ling Koh"

GUEST = Member("Paula Vierheller", "External auditor", BERLIN)
LEAVER = Member("Colin Ashdowne", "Engineer (left)", LISBON)
OTHER_BOT = Member("Deploy Notes", "Posts releases", "UTC")


def lines() -> Iterator[tuple[str, Member, bool]]:
    """(team path, member, manages it) of all 60 employees."""
    for path, members in STAFF.items():
        for place, member in enumerate(members):
            yield path, member, place == 0
