"""What the program takes without falling: hostile text, pages, lists, files, servers and settings.
`make fuzz`; the parts stand in `parts` of `__main__`.

In: nothing but the sample web, the labelled regions and the saved files of the tests. Out: a table, a line
for each input that was not taken rightly, and exit status 1 where there is one.

`pure` gives hypothesis' texts to the functions that touch nothing (`properties`) and measures what they cost,
`line` serves mutated pages, feeds, sitemaps, robots files and PDFs (`seeds`, `mutate`) over a server that
lies and stalls (`server`), and takes them through the commands, `inputs` writes hostile settings, registers,
lists, questions and decisions (`hostile`). `planted` holds faults that are put into the product, each of
which its part must find.
"""
