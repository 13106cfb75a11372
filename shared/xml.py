"""What both XML formats need."""


def legal(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write: controls, lone surrogates, U+FFFE and U+FFFF."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n" or " " <= sign < "\ud800" or "\ue000" <= sign < "\ufffe" or sign > "\uffff"
    )
