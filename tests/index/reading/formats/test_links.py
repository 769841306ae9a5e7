"""Lists of addresses: what a site of one's own may never see."""

from index.reading.formats.links import site_map


def test_elements_of_a_site_map_with_a_prefix_that_is_not_declared_are_passed_over() -> None:
    entry = "<url><loc>https://harbour.example/</loc><image:image><loc>a.png</loc></image:image></url>"
    extract = site_map(f"<urlset>{entry}<q:url><loc>b</loc></q:url></urlset>".encode())
    assert extract.blocks == [("item", "https://harbour.example/")]
