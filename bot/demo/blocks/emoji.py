"""The emoji that bots use most, by their names; any other name stays as it was written."""

from __future__ import annotations

import re

from markupsafe import Markup

from bot.demo.blocks.markup import joined, lines, tag

_CODES = re.compile(r"[0-9a-fA-F]{2,6}(?:-[0-9a-fA-F]{2,6})*")
_LAST = 0x10FFFF
EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "alarm_clock": "⏰",
    "arrow_down": "⬇️",
    "arrow_left": "⬅️",
    "arrow_right": "➡️",
    "arrow_up": "⬆️",
    "ballot_box_with_check": "☑️",
    "bar_chart": "📊",
    "beers": "🍻",
    "bell": "🔔",
    "blue_heart": "💙",
    "bookmark": "🔖",
    "bulb": "💡",
    "busts_in_silhouette": "👥",
    "calendar": "📅",
    "chart_with_downwards_trend": "📉",
    "chart_with_upwards_trend": "📈",
    "clap": "👏",
    "clipboard": "📋",
    "computer": "💻",
    "dart": "🎯",
    "date": "📅",
    "dollar": "💵",
    "exclamation": "❗",
    "eyes": "👀",
    "fire": "🔥",
    "first_place_medal": "🥇",
    "gear": "⚙️",
    "green_heart": "💚",
    "grey_question": "❔",
    "hammer_and_wrench": "🛠️",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "inbox_tray": "📥",
    "information_source": "\u2139\ufe0f",
    "joy": "😂",
    "key": "🔑",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_orange_circle": "🟠",
    "large_red_circle": "🔴",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "lock": "🔒",
    "mag": "🔍",
    "medal": "🏅",
    "memo": "📝",
    "moneybag": "💰",
    "muscle": "💪",
    "no_entry": "⛔",
    "no_entry_sign": "🚫",
    "ok_hand": "👌",
    "outbox_tray": "📤",
    "page_facing_up": "📄",
    "package": "📦",
    "point_right": "👉",
    "pray": "🙏",
    "pushpin": "📌",
    "question": "❓",
    "raised_hands": "🙌",
    "recycle": "♻️",
    "red_circle": "🔴",
    "robot_face": "🤖",
    "rocket": "🚀",
    "rotating_light": "🚨",
    "second_place_medal": "🥈",
    "see_no_evil": "🙈",
    "seedling": "🌱",
    "shield": "🛡️",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "smiley": "😃",
    "snail": "🐌",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "spiral_calendar_pad": "🗓️",
    "star": "⭐",
    "stopwatch": "⏱️",
    "tada": "🎉",
    "thinking_face": "🤔",
    "third_place_medal": "🥉",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "trophy": "🏆",
    "unlock": "🔓",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "white_circle": "⚪",
    "wrench": "🔧",
    "x": "❌",
    "zap": "⚡",
    "zzz": "💤",
}
_NAME = re.compile(f":({'|'.join(map(re.escape, EMOJI))}):")


def emoji_words(text: str) -> str:
    """Text with the signs themselves, for where no element may stand, such as an option of a menu."""
    return _NAME.sub(lambda found: EMOJI[found[1]], text)


def draw_emoji_text(text: str) -> Markup:
    """Text with every known ``:name:`` as its sign, each newline as one."""
    pieces = _NAME.split(text)
    return joined(draw_emoji(piece) if place % 2 else lines(piece) for place, piece in enumerate(pieces))


def draw_emoji(name: str, codes: str = "") -> Markup:
    """The sign with its name; ``codes`` are its characters in hexadecimal, as rich text has them."""
    sign = EMOJI.get(name) or _from_codes(codes)
    written = f":{name}:"
    return tag("span", sign, class_="bk-emoji", title=written) if sign else Markup("{}").format(written)


def _from_codes(codes: str) -> str:
    if not _CODES.fullmatch(codes):
        return ""
    numbers = [int(code, 16) for code in codes.split("-")]
    return "".join(map(chr, numbers)) if all(number <= _LAST for number in numbers) else ""
