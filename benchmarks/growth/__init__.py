"""What a day costs on homes of many sizes: ``python -m benchmarks.growth``.

In: the labelled regions' articles as pages of a local web, and homes that hold 0 to 100,000 articles. Out:
the seconds of a day's run and of one with nothing new, memory, what readers wait for, and pictures of how
each grows. `web` serves, `stored` fills homes, `day` runs in a process of its own, `readers` asks, `curves`
draws.
"""
