"""dipdata backend."""

from __future__ import annotations

from typing import Annotated

import typer

from dipdata.cli.segment import Engine, EngineOption, ModelOption, check_engine


def backend(
    host: Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 for a Label Studio on another machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 for any free one.", min=0, max=65535)] = 9090,
    engine: EngineOption = Engine.rules,
    model: ModelOption = None,
) -> None:
    """Answer Label Studio's requests for predictions, until you press Ctrl-C. Add its address under Settings, Model.

    Example: dipdata backend --port 9090 --engine crf --model fr.model
    """
    from dipdata import verbs

    check_engine(engine, model)
    server = verbs.backend(host=host, port=port, model=model)
    typer.echo(f"http://{host}:{server.server_port}", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
