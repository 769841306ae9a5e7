"""Web pages in the styles of three news sites, with all that surrounds an article there."""

AGENCY = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Harbour dredged for first time - Tidewire</title>
<meta property="og:site_name" content="Tidewire">
<meta property="og:title" content="Harbour dredged for first time - Tidewire">
<link rel="canonical" href="https://tidewire.example/2026/harbour">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "BreadcrumbList"},
 {"@type": "NewsArticle", "headline": "Harbour dredged for first time", "datePublished": "2026-01-27T09:00:00Z",
  "publisher": {"@type": "Organization", "name": "Tidewire"}}]}</script>
<style>p { color: red }</style></head>
<body><div id="cookie-banner">We use cookies. <button>Accept</button></div>
<header><a href="/">Tidewire</a><nav><ul><li>Home</li><li>Ports</li></ul></nav></header>
<main><article><h1>Harbour dredged for first time</h1>
<p>LISBON, Jan. 26 (Tidewire) -- The harbour was <b>dredged</b> for the first
time in a generation, and ships came in.</p>
<p>The port handled 24 million tonnes, the minister said.<br>She named no date.</p>
<table><caption>Depth by year</caption>
<tr><th>Year</th><th>Depth</th></tr><tr><td>2024</td><td>8 m</td></tr>
<tr><td rowspan="2">2025</td><td>9 m</td></tr><tr><td>10 m</td></tr></table>
<ul><li>Lavender Quay</li><li>Ivy Quay</li></ul><!-- a comment --></article>
<section class="related-links"><h2>Read more</h2><a href="/b">Bridge opens</a></section></main>
<footer>Copyright Tidewire</footer><script>var text = "not text";</script></body></html>
"""

PORTAL = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>全国科技工作会议召开_潮讯网</title>
<meta name="ArticleTitle" content="全国科技工作会议召开"><meta name="PubDate" content="2026-01-27 10:00">
<meta name="SiteName" content="潮讯网"></head>
<body><div class="top-nav"><a href="/">首页</a> <a href="/kj">科技</a></div>
<table width="100%"><tr><td><div class="breadcrumb">首页 &gt; 科技</div></td></tr><tr><td>
<h1>全国科技工作会议召开</h1><div class="info">2026年1月27日 10:00 来源：新华社</div>
<div id="content"><p>　　新华社北京1月26日电 全国科技工作会议26日在北京召开。
会议总结了二〇二五年的工作，部署了今年的任务。</p>
<p>　　会议指出，基础研究投入比重达到百分之七，企业创新主体地位进一步加强，国际合作不断深化。</p>
<p>　　会议强调，要坚持教育、科技、人才一体发展，加快建设科技强国。</p></div>
</td></tr></table><div class="share">分享到微博</div><div class="footer">版权所有</div></body></html>
"""

MAGAZINE = """<!doctype html><html lang="en-GB"><head><title>What the dredgers found | The Quay Review</title>
<meta name="publisher" content="The Quay Review">
<meta property="article:published_time" content="2026-02-03T08:00+00:00">
<meta property="og:url" content="/relative"></head><body class="page nav-open">
<div class="wrapper"><div class="menu">Subscribe Essays Letters</div>
<div class="story"><h1>What the dredgers found</h1><p class="standfirst">A harbour gives up its secrets.</p>
<div class="text"><p>When the dredgers came to the harbour in the spring, nobody in the town had thought that they would
find anything but mud, and for three weeks they were right about that.</p>
<h2>The anchor</h2><p>Then, on a grey morning, the bucket brought up an anchor of the seventeenth century, which the
harbour master has since put in front of his office for the children to climb on.</p>
<blockquote>It was heavier than my car, he said.</blockquote>
<aside>Also in this issue: tides</aside>
<table><tr><td>Find</td><td>Weight</td></tr><tr><td>Anchor</td><td>900 kg</td></tr><tr><td>Bell</td><td>40 kg</td></tr>
</table></div></div><div class="newsletter-box"><form>Your e-mail</form></div></div></body></html>
"""
