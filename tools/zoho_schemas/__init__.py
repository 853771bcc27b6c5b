"""How ``schemas/*.schema.json`` are made from Zoho's OpenAPI files and one file of corrections.

``openapi`` reads the files, ``prose`` finds facts in their sentences, ``rules`` turns a
field of theirs into a rule of ours, ``corrections`` mends what is wrong or missing,
``assemble`` puts one schema together and ``layout`` writes it. No sentence is copied.
"""
