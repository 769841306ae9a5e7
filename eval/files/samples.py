"""The articles of our own benchmark of reading files: four languages, headings, lists, numbers and a table each."""

from eval.files.benchmark import Sample

SAMPLES = (
    Sample(
        "harbour",
        "The harbour is dredged",
        "Harbour News",
        "2026-01-27",
        "Harbour News, January 27, 2026",
        [
            (
                "paragraph",
                "The harbour was dredged for the first time in a generation, and the first ships of more "
                "than 9.5 metres' draught came in on the evening tide. The board had set aside $4.2 million for the "
                "work, which took eleven weeks and moved 380,000 cubic metres of silt.",
            ),
            ("heading", "What the pilots say"),
            (
                "paragraph",
                "Captain O'Neill, who has brought ships through the western channel since 1998, said that "
                '"nothing has changed so much in one winter". Re-surveying the channel is due in a long programme.',
            ),
            ("item", "Two buoys were moved."),
            ("item", "The night limit of 6 knots stays in force."),
            (
                "paragraph",
                "The area of the basin is 2*3*4 units in the old reckoning (see Rule 12), or about 24 "
                "hectares; the e-mail address of the board is board@harbour.example.",
            ),
        ],
        ("Year", "Ships"),
        (("2024", "412"), ("2025", "471")),
    ),
    Sample(
        "hafen",
        "Der Hafen wird vertieft",
        "Hafenblatt",
        "2025-11-03",
        "Hafenblatt, 3. November 2025",
        [
            (
                "paragraph",
                "Zum ersten Mal seit einer Generation ist der Hafen ausgebaggert worden. Größere Schiffe mit "
                "mehr als 9,5 Metern Tiefgang können ihn nun auch bei Ebbe anlaufen; die Arbeiten kosteten 4,2 "
                "Millionen Euro und dauerten elf Wochen.",
            ),
            ("heading", "Was die Lotsen sagen"),
            (
                "paragraph",
                "Kapitän Jürgen Weiß, der seit 1998 Schiffe durch das westliche Fahrwasser führt, sprach von "
                "der größten Veränderung seit Jahrzehnten. Über die Öffnungszeiten der Schleuse wird noch beraten.",
            ),
            ("item", "Zwei Tonnen wurden versetzt."),
            ("item", "Die Höchstgeschwindigkeit bleibt bei 6 Knoten."),
        ],
        ("Jahr", "Schiffe"),
        (("2024", "412"), ("2025", "471")),
    ),
    Sample(
        "port",
        "Le port est dragué",
        "Journal du port",
        "2026-02-10",
        "Journal du port, 10 février 2026",
        [
            (
                "paragraph",
                "Pour la première fois depuis une génération, le port a été dragué ; les premiers navires de "
                "plus de 9,5 mètres de tirant d'eau sont entrés avec la marée du soir. Les travaux ont coûté 4,2 "
                "millions d'euros.",
            ),
            ("heading", "Ce que disent les pilotes"),
            (
                "paragraph",
                "Le capitaine François Lefèvre, qui conduit des navires dans le chenal depuis 1998, parle du "
                "plus grand changement qu'il ait vu. L'écluse rouvrira l'été prochain.",
            ),
            ("item", "Deux bouées ont été déplacées."),
            ("item", "La limite de 6 nœuds reste en vigueur."),
        ],
        ("Année", "Navires"),
        (("2024", "412"), ("2025", "471")),
    ),
    Sample(
        "gangkou",
        "港口疏浚工程完成",
        "港口日报",
        "2026-01-27",
        "2026年1月27日 来源：港口日报",
        [
            (
                "paragraph",
                "港口三十年来首次完成疏浚，吃水超过九米五的船舶已于当晚乘潮进港。港口委员会为这项工程拨款四千二百万元，"
                "施工历时十一周，共清理淤泥三十八万立方米。",
            ),
            ("heading", "引航员怎么说"),
            (
                "paragraph",
                "引航员王伟自1998年起在西航道引航。他说，一个冬天里从未有过这样大的变化。明年将重新测量航道。",
            ),
            ("item", "两个浮标已经移动。"),
            ("item", "夜间航速限制仍为6节。"),
        ],
        ("年份", "船舶"),
        (("2024", "412"), ("2025", "471")),
    ),
)
