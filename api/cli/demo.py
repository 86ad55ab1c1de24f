"""stub"""
from api.cli.options import Lang
def demo(lang: Lang = None) -> int:
    return 0
