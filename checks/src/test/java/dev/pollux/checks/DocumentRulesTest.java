package dev.pollux.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentRulesTest {
    @TempDir private Path root;
    private Planted planted;

    @BeforeEach
    void anEmptyProject() {
        planted = new Planted(root);
    }

    @Test
    void aDocumentWithoutATitleOrWithTwoIsFound() {
        planted.file("docs/good.md", "# One\n\n```sh\n# no title\n```\n\n## Two\n");
        planted.file("docs/late.md", "text\n\n# One\n");
        planted.file("docs/none.md", "text\n");
        planted.file("docs/two.md", "# One\n\n# Two\n");
        assertThat(DocumentRules.oneTitle(planted.project()))
                .extracting(Violation::path)
                .containsExactly("docs/late.md", "docs/none.md", "docs/two.md");
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() {
        planted.file("README.md", "# R\n\n[gone](docs/gone.md), [here](docs/a.md)\n");
        planted.file(
                "docs/a.md",
                """
                # Answers: 10 of them

                [up](../README.md) [folder](..) [web](https://example.org/x) [mail](mailto:a@b.c)
                [self](#answers-10-of-them) [wrong](#answers)
                [other](b.md#一个-标题) [wrong too](b.md#none)
                `[code](nowhere)`
                ```
                [code](nowhere)
                ```
                """);
        planted.file("docs/b.md", "# B\n\n## 一个 标题\n");
        assertThat(DocumentRules.links(planted.project()))
                .extracting(Violation::toString)
                .containsExactly(
                        "README.md:3: links to nothing: docs/gone.md",
                        "docs/a.md:4: links to nothing: #answers",
                        "docs/a.md:5: links to nothing: b.md#none");
    }

    @Test
    void aDocumentThatCodeNamesMustBeThere() {
        planted.file("docs/why.md", "# Why\n\n## epoll and dup\n");
        planted.file(
                "A.java",
                """
                // docs/why.md, docs/why.md#epoll-and-dup: fine.
                // Why: docs/mechanisms.md.
                // Why: `docs/why.md#poll`.
                """);
        assertThat(DocumentRules.mentions(planted.project()))
                .extracting(Violation::toString)
                .containsExactly(
                        "A.java:2: names a document or heading that is not there: docs/mechanisms.md",
                        "A.java:3: names a document or heading that is not there: docs/why.md#poll");
    }

    @Test
    void aTypeThatADocumentNamesMustBeThere() {
        planted.file("libc/src/main/java/a/Call.java", "package a; class Call {}");
        planted.file("docs/why.md", "# Why\n\n`Call`, `Future`, `READ`, `Gone` and `Call.gone`\n");
        assertThat(DocumentRules.types(planted.project()))
                .extracting(Violation::toString)
                .containsExactly("docs/why.md:3: names a type that is not there: Gone");
    }

    @Test
    void readmesThatAreInStepAreFine() {
        planted.file("README.md", "# Pollux\n\n## Start\n\n```sh\n./pollux serve\n```\n");
        planted.file("README.zh-CN.md", "# Pollux\n\n## 开始\n\n```sh\n./pollux serve\n```\n");
        assertThat(DocumentRules.readmesInStep(planted.project())).isEmpty();
    }

    @Test
    void aMissingReadmeIsFound() {
        planted.file("README.md", "# Pollux\n");
        assertThat(DocumentRules.readmesInStep(planted.project()))
                .extracting(Violation::path)
                .containsExactly("README.zh-CN.md");
    }

    @Test
    void readmesOutOfStepAreFound() {
        planted.file(
                "README.md",
                "# Pollux\n\n## Start\n\n```sh\n./pollux serve\n```\n\n## Test\n\n```sh\n./pollux"
                        + " test\n```\n");
        planted.file(
                "README.zh-CN.md", "# Pollux\n\n### 开始\n\n```sh\n./pollux server\n```\n\n## 测试\n");
        assertThat(DocumentRules.readmesInStep(planted.project()))
                .extracting(Violation::toString)
                .containsExactly(
                        "README.zh-CN.md:3: heading 2 is another in README.md: keep the two in"
                                + " step",
                        "README.zh-CN.md:5: code block 1 is another in README.md: keep the two in"
                                + " step");
    }

    @Test
    void aCodeBlockThatOneReadmeLacksIsFound() {
        planted.file("README.md", "# Pollux\n\n```\na\n```\n");
        planted.file("README.zh-CN.md", "# Pollux\n");
        assertThat(DocumentRules.readmesInStep(planted.project()))
                .extracting(Violation::toString)
                .containsExactly(
                        "README.md:3: code block 1 is another in README.zh-CN.md: keep the two in"
                                + " step");
    }
}
