"""A slow line: the page is there and can be typed in while its script is still on the way."""


class LateScript:
    """Holds the requests for one script (a Playwright address pattern) until `come` lets them through."""

    def __init__(self, page, address):
        self.waiting = []
        page.route(address, lambda route: self.waiting.append(route))

    def come(self):
        assert self.waiting, "the page never asked for this script"
        while self.waiting:
            self.waiting.pop().continue_()
