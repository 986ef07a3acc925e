"""Ordinary names of many countries, drawn by a seed: given and family names in common use, put together at random.

The words were written down from general knowledge and are no statistics; nobody's name is meant. A third of the names
come from countries whose names are frequent on lists of denied parties, which makes false alarms likelier than in
most mail.
"""

from __future__ import annotations

import random

GIVEN = {
    "english": "James Mary John Emma Oliver Sophie William Grace Daniel Lucy Thomas Chloe Jack Hannah Peter Alice",
    "spanish": "Maria Jose Carlos Luis Ana Jorge Carmen Miguel Lucia Juan Elena Pedro Rosa Manuel Laura Diego",
    "portuguese": "Joao Ana Pedro Mariana Tiago Beatriz Rafael Camila Lucas Juliana Gustavo Fernanda Bruno Leticia",
    "french": "Pierre Marie Julien Camille Nicolas Claire Antoine Sophie Mathieu Elodie Louis Manon Hugo Celine",
    "german": "Hans Petra Stefan Monika Jonas Lena Markus Sabine Lukas Anna Felix Katrin Florian Ute Jan Heike",
    "italian": "Marco Giulia Luca Francesca Matteo Chiara Andrea Paola Davide Elisa Stefano Silvia Alessio Sara",
    "russian": "Ivan Olga Sergey Elena Dmitry Natalia Alexey Irina Andrey Svetlana Maxim Tatiana Nikolay Anna Pavel",
    "arabic": "Mohammed Fatima Ahmed Aisha Ali Mariam Omar Layla Hassan Nour Khalid Salma Yusuf Huda Ibrahim Zainab",
    "persian": "Reza Maryam Hossein Zahra Amir Sara Mehdi Leila Ali Nazanin Saeed Parisa Mohammad Shirin",
    "indian": "Rahul Priya Amit Anjali Vijay Sunita Arjun Kavita Sanjay Deepa Rohan Neha Suresh Lakshmi Anil Pooja",
    "pakistani": "Muhammad Ayesha Usman Sana Bilal Hina Imran Nadia Asif Saima Tariq Rabia Faisal Amna Zafar Kiran",
    "chinese": "Wei Fang Min Jing Lei Yan Jun Xia Bo Ling Hao Mei Xin Yu Qiang Hong Jie Na Tao Ying",
    "korean": "Minjun Seoyeon Jihoon Jiwoo Hyunwoo Soojin Young Eunji Dongwook Hana Sungmin Yuna Jaehyun Minji",
    "japanese": "Hiroshi Yuki Takashi Sakura Kenji Aiko Haruto Yui Satoshi Naomi Ren Hina Daisuke Keiko Ryo Mio",
    "indonesian": "Budi Siti Agus Dewi Eko Sri Hendra Ratna Joko Wati Andi Rina Bambang Lestari Rudi Yanti",
    "turkish": "Mehmet Ayse Mustafa Fatma Emre Elif Ahmet Zeynep Murat Merve Hakan Esra Burak Selin Kemal Derya",
}
FAMILY = {
    "english": "Smith Jones Taylor Brown Wilson Evans Walker Wright Clarke Hughes Green Hall Wood Harris Cooper Ward",
    "spanish": "Garcia Lopez Martinez Sanchez Perez Gomez Fernandez Diaz Torres Ramirez Flores Rivera Morales Ortiz",
    "portuguese": "Silva Santos Oliveira Souza Pereira Costa Almeida Ferreira Rodrigues Gomes Ribeiro Carvalho",
    "french": "Martin Bernard Dubois Moreau Laurent Lefebvre Leroy Roux Fournier Girard Bonnet Lambert Rousseau",
    "german": "Mueller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Koch Richter Klein Wolf Neumann Braun",
    "italian": "Rossi Russo Ferrari Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Esposito Barbieri",
    "russian": "Ivanov Smirnov Kuznetsov Popov Vasiliev Petrov Sokolov Mikhailov Novikov Fedorov Morozov Volkov",
    "arabic": "Hassan Ali Ibrahim Mansour Haddad Khoury Saleh Nasser Farouk Al-Zahrani Al-Harbi Saad Hamdan Aziz",
    "persian": "Ahmadi Hosseini Mohammadi Karimi Rezaei Moradi Jafari Rahimi Kazemi Sadeghi Hashemi Ebrahimi",
    "indian": "Sharma Patel Singh Kumar Gupta Reddy Nair Iyer Mehta Joshi Verma Rao Das Chopra Banerjee Pillai",
    "pakistani": "Khan Ahmed Hussain Malik Sheikh Butt Chaudhry Qureshi Siddiqui Mirza Iqbal Raza Shah Akhtar",
    "chinese": "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo",
    "korean": "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang",
    "japanese": "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki",
    "indonesian": "Santoso Wijaya Setiawan Hidayat Kusuma Pratama Saputra Gunawan Suryadi Nugroho Siregar Halim",
    "turkish": "Yilmaz Kaya Demir Celik Sahin Yildiz Aydin Ozturk Arslan Dogan Kilic Aslan Cetin Koc Kurt Polat",
}
DEALS = "Trading Electronics Fashion Logistics Toys Sports Home Garden Books Design Medical Tools Foods Travel Media"
FORMS = ("Ltd", "GmbH", "Inc", "S.A.", "LLC", "Co., Ltd.", "S.r.l.", "B.V.", "Pty Ltd", "")
FIRMS = 0.15
TWO_NAMES = 0.25
"""Shares of firms among all names, and of people with a second given name; assumed."""


def draw_names(count: int, seed: int) -> list[str]:
    """So many names: people of every country alike, and some firms."""
    chance = random.Random(seed)
    return [_firm(chance) if chance.random() < FIRMS else _person(chance) for _ in range(count)]


def _person(chance: random.Random) -> str:
    country = chance.choice(list(GIVEN))
    given = chance.sample(GIVEN[country].split(), 2 if chance.random() < TWO_NAMES else 1)
    return " ".join([*given, chance.choice(FAMILY[country].split())])


def _firm(chance: random.Random) -> str:
    country = chance.choice(list(FAMILY))
    parts = [chance.choice(FAMILY[country].split()), chance.choice(DEALS.split()), chance.choice(FORMS)]
    return " ".join(part for part in parts if part)
