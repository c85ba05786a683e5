// The same moment on the other cameras of the place: small pictures that follow the player.

const APART_S = 0.2; // from there on a picture is brought back into step

class Elsewhere {
  constructor(box) {
    this.box = box;
    this.videos = [];
    this.shown = "";
  }

  update({ text, elsewhere, event }) {
    this.box.hidden = !elsewhere.length;
    const wanted = JSON.stringify([elsewhere, event.id, text]);
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.box.querySelector("h3").textContent = text.other;
    this.videos = elsewhere.map((view) => {
      const video = element("video", "");
      Object.assign(video, { src: view.src, poster: view.poster, muted: true, playsInline: true, preload: "metadata" });
      const seconds = { seconds: view.uncertainty.toFixed(2), name: view.name, time: clock(event.start + view.ahead) };
      const words = fill(text["other.where"], seconds);
      video.setAttribute("aria-label", words);
      video.addEventListener("loadedmetadata", () => (video.currentTime = Math.max(0, event.start + view.ahead)));
      return { video, words, ahead: view.ahead };
    });
    const figures = this.videos.map(({ video, words }) => {
      const figure = element("figure", "");
      figure.append(video, element("figcaption", "quiet", words));
      return figure;
    });
    this.box.querySelector("div").replaceChildren(...figures);
  }

  stand(t, playing) {
    for (const { video, ahead } of this.videos) {
      const there = t + ahead;
      const within = there >= 0 && there < (video.duration || 0);
      if (within && Math.abs(video.currentTime - there) > (playing ? APART_S : 0.02)) video.currentTime = there;
      if (playing && within && video.paused) video.play().catch(() => {});
      else if (!playing || !within) video.pause();
    }
  }
}
