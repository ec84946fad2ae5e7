"""What the program survives: killed, without room, without rights, with a wrong clock, run twice at once,
read and decided on meanwhile, with damaged files. `make chaos`; the parts stand in `__main__.PARTS`.

In: nothing but the bundled sample web, of which two outlets are read. Out: a table, a line for each thing
that differs, and exit status 1 where anything does.

Every trial is a copy of a home folder as an undisturbed run left it before one of its commands (`scene`). The
command is disturbed (`kills`, `rooms`, `clocks`, `together`, `flips`), done again, and the home is then held
against what the undisturbed run made (`state`), row by row. Commands run in process groups of their own,
forked from a process that has loaded everything (`forks`), since a start takes longer than most commands. As
many processes as there are cores share the trials out (`lanes`).
"""
