package dev.pollux.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Scripted;
import dev.pollux.libc.Descriptors;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class IoModelTest {
    @ParameterizedTest
    @EnumSource
    void aModelIsFoundByItsName(IoModel model) {
        assertThat(IoModel.named(model.label())).isSameAs(model);
        assertThat(model.label()).isLowerCase();
        assertThat(model.family()).isNotBlank();
        assertThat(model.mechanism()).isNotBlank();
        assertThat(model.threads()).isNotBlank();
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNamesThereAre() {
        assertThatThrownBy(() -> IoModel.named("iocp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("iocp")
                .hasMessageContaining("auto")
                .hasMessageContaining("epoll-et")
                .hasMessageContaining("nio");
    }

    @ParameterizedTest
    @EnumSource
    void aModelIsAvailableOrSaysWhyNot(IoModel model) throws IOException {
        assertThat(model.isAvailable()).isEqualTo(model.whyNot().isEmpty());
        if (model.isAvailable()) {
            try (Engine engine = model.open(Limits.DEFAULT)) {
                assertThat(engine.name()).isEqualTo(model.label());
            }
        } else {
            assertThatThrownBy(() -> model.open(Limits.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(model.label())
                    .hasMessageContaining(model.whyNot().orElseThrow());
        }
    }

    @Test
    void theChoiceIsTheFirstThatIsAvailable() {
        IoModel.Choice choice = IoModel.choose();
        assertThat(choice.model().isAvailable()).isTrue();
        List<IoModel> better =
                choice.passedOver().stream()
                        .map(line -> IoModel.named(line.substring(0, line.indexOf(':'))))
                        .toList();
        assertThat(better).noneMatch(IoModel::isAvailable).doesNotContain(choice.model());
    }

    @Test
    void onLinuxTheChoiceIsEpollAndNothingWasPassedOver() {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        assertThat(IoModel.choose().model()).isSameAs(IoModel.EPOLL);
        assertThat(IoModel.choose().passedOver()).isEmpty();
        assertThatThrownBy(() -> IoModel.KQUEUE.open(Limits.DEFAULT))
                .hasMessage("model kqueue is not available here: this system has none (macOS has)");
    }

    @Test
    void connectionsLeaveDescriptorsForTheProcessItself() {
        long descriptors = Descriptors.nofileSoft();
        assumeTrue(descriptors > 1000);
        assertThat(IoModel.EPOLL.connectionsMost())
                .isEqualTo((int) Math.min(descriptors - 100, Integer.MAX_VALUE));
        try {
            assertThat(Descriptors.setNofileSoft(400)).isZero();
            assertThat(IoModel.EPOLL.connectionsMost()).isEqualTo(300);
            assertThat(IoModel.IO_URING.connectionsMost()).isEqualTo(Integer.MAX_VALUE);
        } finally {
            assertThat(Descriptors.setNofileSoft(descriptors)).isZero();
        }
    }

    @Test
    void anEngineNeedsAThread() {
        assertThatThrownBy(() -> IoModel.NIO.open(Limits.DEFAULT, 0, EngineObserver.SILENT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "NIO2"})
    void theJdksModelsAdoptNoDescriptors(IoModel model) throws IOException {
        try (Engine engine = model.open(Limits.DEFAULT)) {
            assertThatThrownBy(() -> engine.adopt(0, new Scripted()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("the " + model.label() + " model")
                    .hasMessageContaining("descriptor 0");
        }
    }

    @Test
    void aReasonIsToldWithoutAStackTrace() {
        for (DisconnectedException.Reason reason : DisconnectedException.Reason.values()) {
            var exception = new DisconnectedException(reason);
            assertThat(exception.reason()).isSameAs(reason);
            assertThat(exception.getMessage()).isNotBlank();
            assertThat(exception.getStackTrace()).isEmpty();
        }
    }
}
