"""Forms by which editors decide; each record passes one check of who may (`editors`)."""
