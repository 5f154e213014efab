package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sfumato.recommend.service.ApiTokens;
import io.sfumato.recommend.service.Scope;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser: it is used as a person would, on a desk and on a phone. */
class ServicePageTest {
  private static final String SHOWN = "document.documentElement.dataset.shown";

  @TempDir
  Path folder;

  @Test
  void aPersonBrowsesPicksACustomerGivesFeedbackAndSearches() throws Exception {
    assumeTrue(Browser.isThere(), "needs Chromium");
    try (Served served = Served.of(folder, options -> options)) {
      String user = served.get("/v1/users?count=1").json().at("/users/0").asText();
      int before = served.get("/v1/users/" + user + "/history").json().path("history").size();
      List<String> steps = List.of(
          SHOWN + " === '#/' && document.querySelectorAll('.card').length === 24",
          "document.querySelectorAll('#filters select').length > 0",
          "document.querySelectorAll('.picture img').length > 0 && [...document.querySelectorAll('.picture img')].some(i => i.naturalWidth > 0)",
          "(location.hash = '#/page/24', true)", SHOWN + " === '#/page/24'",
          "document.querySelectorAll('#customers option').length > 10",
          "(document.getElementById('who').value = '" + user
              + "', document.querySelector('#customer button').click(), true)",
          SHOWN + " === '#/customer/" + user + "' && document.querySelectorAll('.card .shares').length === 12",
          "document.querySelector('.because b').textContent.length > 0",
          "document.querySelectorAll('.strip li').length === " + before,
          "(document.querySelector('.card .take').click(), true)",
          "document.querySelectorAll('.strip li').length === " + (before + 1),
          "document.getElementById('said').textContent.includes('took')",
          "(document.querySelector('.card .open').click(), true)",
          "document.getElementById('item').open && document.querySelectorAll('#item .strip li').length > 0",
          "(document.getElementById('item').close(), document.getElementById('words').value = 'bag', document.querySelector('#search button').click(), true)",
          SHOWN + " === '#/search/bag' && document.querySelectorAll('.card').length > 0");
      for (int width : List.of(390, 1200)) {
        Browser.Seen seen = Browser.use(served.uri("/"), width, width == 390,
            width == 1200 ? steps
                : List.of(SHOWN + " === '#/' && document.querySelectorAll('.card').length === 24",
                    "(location.hash = '#/customer/" + user + "', true)",
                    "document.querySelectorAll('.card .shares').length === 12"));
        assertThat(seen.errors()).isEmpty();
        assertThat(seen.width()).as("width of the content").isLessThanOrEqualTo(width);
        assertThat(seen.loaded()).isNotEmpty().allMatch(url -> url.startsWith(served.uri("/").toString()));
      }
      assertThat(served.get("/v1/users/" + user + "/history").json().path("history").size()).isEqualTo(before + 1);
    }
  }

  @Test
  void withTokensThePageAsksForOneAndKeepsItInMemory() throws Exception {
    assumeTrue(Browser.isThere(), "needs Chromium");
    ApiTokens.Made reader = ApiTokens.make("reader", Set.of(Scope.READ));
    try (Served served = Served.of(folder, options -> options.tokens(new ApiTokens(List.of(reader.token()))))) {
      URI page = served.uri("/");
      Browser.Seen seen = Browser.use(page, 1200, false, List.of("document.getElementById('ask').open",
          "document.querySelectorAll('.card').length === 0",
          "(document.getElementById('token').value = '" + reader.secret()
              + "', document.querySelector('#ask button').click(), true)",
          SHOWN + " === '#/' && document.querySelectorAll('.card').length === 24",
          "[...document.querySelectorAll('.picture img')].some(i => i.naturalWidth > 0 && i.src.startsWith('blob:'))",
          "document.querySelectorAll('#customers option').length === 0",
          "localStorage.length === 0 && sessionStorage.length === 0 && document.cookie === ''"));
      // a browser says on its console that it was answered 401 and 403
      assertThat(seen.errors()).allMatch(error -> error.contains("401") || error.contains("403"));
      assertThat(seen.loaded()).noneMatch(url -> url.contains(reader.secret()));
    }
  }
}
