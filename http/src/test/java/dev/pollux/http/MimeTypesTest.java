package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MimeTypesTest {
    @ParameterizedTest
    @CsvSource({
        "a.html, text/html; charset=utf-8",
        "A.HTML, text/html; charset=utf-8",
        "a.min.js, text/javascript; charset=utf-8",
        "a.css, text/css; charset=utf-8",
        "说明.md, text/markdown; charset=utf-8",
        "a.json, application/json",
        "a.svg, image/svg+xml",
        "a.wasm, application/wasm",
        "a.tar.gz, application/gzip",
        "a.unknown, application/octet-stream",
        "html, application/octet-stream",
        "a., application/octet-stream",
        "a.html~, application/octet-stream",
    })
    void dependOnTheEndOfTheName(String name, String type) {
        assertThat(MimeTypes.of(name)).isEqualTo(type);
    }
}
