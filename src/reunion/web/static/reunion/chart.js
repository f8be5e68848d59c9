// Draws the charts of a page from the data beside them; the table below each says the same.
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function series(one, kind) {
    return {
      name: one.name,
      type: kind === "line" ? "line" : "bar",
      stack: kind === "stacked" ? "all" : undefined,
      color: one.colour,
      data: one.values,
      symbolSize: 8,
      barMaxWidth: 48,
    };
  }

  function options(data, width) {
    const many = data.series.length > 1;
    const wanted = data.series.reduce((sum, one) => sum + 56 + 14 * one.name.length, 0);
    const top = 40 + (many ? 26 * Math.ceil(wanted / width) : 0);
    const lies = data.kind === "across";
    const names = { type: "category", data: data.labels, inverse: lies, axisLabel: { color: "#1b1b1b", hideOverlap: true } };
    const values = { type: "value", name: data.unit, nameTextStyle: { color: "#1b1b1b", align: lies ? "right" : "left" }, axisLabel: { color: "#1b1b1b", hideOverlap: true } };
    return {
      animation: !still,
      aria: { enabled: true, label: { description: data.summary }, decal: { show: data.kind !== "line" && many } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      legend: { show: many, top: 0, left: 0, textStyle: { color: "#1b1b1b", fontSize: 14 } },
      grid: { left: 8, right: 24, top, bottom: 8, outerBoundsMode: "same" },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        formatter: (points) => [points[0].name, ...points.map((point) => `${point.seriesName}: ${data.series[point.seriesIndex].words[point.dataIndex]}`)].join("\n"),
      },
      xAxis: lies ? values : names,
      yAxis: lies ? names : values,
      series: data.series.map((one) => series(one, data.kind)),
    };
  }

  function draw(place) {
    if (place.dataset.ready) return;
    place.dataset.ready = "drawing";
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.hidden = false;
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.on("finished", () => { place.dataset.ready = "yes"; });
    chart.setOption(options(data, place.clientWidth));
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  function drawAll(within) {
    for (const place of within.querySelectorAll("[data-chart]")) draw(place);
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
