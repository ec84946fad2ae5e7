"""From the archive to articles: loaded, copies of agencies marked, broken pages named, an outlet tried live.

In: crawl lines and records. Out: articles with revisions, or a named problem.
"""
